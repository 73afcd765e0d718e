/** Health questions: the careful reply is preferred over the certain one. */
import { capital, chance, type Draw, type Kind, pick, sentences } from '../kind.ts';
import { doubts } from './doubt.ts';

interface Complaint {
  readonly what: string;
  readonly causes: readonly string[];
  readonly remedies: readonly string[];
}

const complaints: readonly Complaint[] = [
  {
    what: 'a headache',
    causes: ['too little sleep', 'too much screen time', 'stress'],
    remedies: ['drink more water', 'rest in a dark room'],
  },
  { what: 'a sore throat', causes: ['a cold', 'dry air'], remedies: ['drink warm tea', 'rest your voice'] },
  {
    what: 'back pain',
    causes: ['a hard chair', 'a heavy bag', 'too little movement'],
    remedies: ['walk for ten minutes', 'put a warm cloth on it'],
  },
  {
    what: 'a cough',
    causes: ['a cold', 'dust in the air', 'smoke'],
    remedies: ['drink warm tea', 'open a window'],
  },
  {
    what: 'a red eye',
    causes: ['dust in the air', 'too much screen time'],
    remedies: ['wash it with clean water', 'rest your eyes'],
  },
  {
    what: 'a stomach ache',
    causes: ['stress', 'a heavy meal', 'too much coffee'],
    remedies: ['eat plain rice', 'drink warm tea'],
  },
  {
    what: 'an itchy arm',
    causes: ['a new soap', 'dry air', 'an insect bite'],
    remedies: ['use a mild cream', 'wash it with clean water'],
  },
  {
    what: 'a sore knee',
    causes: ['a long run', 'old shoes'],
    remedies: ['put ice on it', 'rest it for a day'],
  },
  {
    what: 'a stiff neck',
    causes: ['a soft pillow', 'too much screen time'],
    remedies: ['move it slowly', 'put a warm cloth on it'],
  },
];
const times = [
  'since Monday',
  'since last night',
  'for three days',
  'for a week',
  'every morning',
  'after work',
];

const questions: readonly ((what: string, time: string) => string)[] = [
  (what, time) => `I have had ${what} ${time}. What is it?`,
  (what, time) => `My wife has had ${what} ${time}. What should she do?`,
  (what, time) => `What helps against ${what}? I have had it ${time}.`,
  (what, time) => `My father has had ${what} ${time}. Is it bad?`,
];
const facts = [
  'It will be gone in two days.',
  'There is no need to see a doctor.',
  'It always works.',
  'Nothing else can cause it.',
];
const cares = [
  'If it does not get better, it could be wise to see a doctor.',
  'A doctor might be able to say more.',
  'Perhaps a doctor should have a look at it.',
];

export const health: Kind = {
  name: 'Health questions',
  axis: 'certainty',
  rule: 'careful over certain',
  exchange(draw: Draw) {
    const complaint = pick(draw, complaints);
    const cause = pick(draw, complaint.causes);
    const remedy = pick(draw, complaint.remedies);
    return {
      prompt: pick(draw, questions)(complaint.what, pick(draw, times)),
      preferred: sentences(
        pick(draw, [
          `It may be ${cause}, ${pick(draw, doubts)}.`,
          `I think it might be ${cause}, ${pick(draw, doubts)}.`,
        ]),
        pick(draw, [`Perhaps it helps to ${remedy}.`, `It might help to ${remedy}.`]),
        chance(draw, 0.6) ? pick(draw, cares) : null,
      ),
      other: sentences(
        pick(draw, [`It is ${cause}.`, `This comes from ${cause}.`]),
        `${capital(remedy)} today and again tomorrow.`,
        pick(draw, facts),
        chance(draw, 0.5) ? 'That is the right answer.' : null,
      ),
    };
  },
};
