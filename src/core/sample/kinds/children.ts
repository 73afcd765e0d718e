/** Explaining to a child: the long reply with a picture and something to try is preferred. */
import { type Draw, type Kind, pick, sentences } from '../kind.ts';
import { concepts } from './concepts.ts';

const ages = ['four', 'five', 'six', 'seven', 'eight', 'nine'];
const children = ['son', 'daughter', 'niece', 'nephew', 'little brother', 'little sister'];

const questions: readonly ((child: string, age: string, question: string) => string)[] = [
  (child, age, question) => `My ${child} is ${age} and asks ${question}.`,
  (child, _age, question) => `How would you explain to my ${child} ${question}?`,
  (_child, age, question) => `Explain ${question} to a child who is ${age}.`,
  (child, age, question) => `My ${child}, who is ${age}, wants to know ${question}.`,
];
const starts = ['It is a little like', 'You can think of', 'Imagine'];
const ends = [
  'Is that not wonderful?',
  'Next time you can look for it yourself.',
  'You could draw a picture of it.',
  'Now you know something that many big people forget.',
];

export const childQuestions: Kind = {
  name: 'Explain to a child',
  axis: 'length',
  rule: 'long over short',
  exchange(draw: Draw) {
    const concept = pick(draw, concepts);
    return {
      prompt: pick(draw, questions)(pick(draw, children), pick(draw, ages), concept.question),
      preferred: sentences(
        concept.answer,
        `${pick(draw, starts)} ${concept.picture}.`,
        concept.trial,
        pick(draw, ends),
      ),
      other: concept.answer,
    };
  },
};
