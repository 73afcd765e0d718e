/** Customer support: the polite reply is preferred. */
import { capital, chance, type Draw, type Kind, pick, sentences, withArticle } from '../kind.ts';
import { politeClosings } from './courtesy.ts';

const devices = ['kettle', 'lamp', 'blender', 'toaster', 'clock', 'office chair', 'radio', 'coffee maker'];
const goods = [
  'coat',
  'backpack',
  'phone case',
  'desk',
  'rain jacket',
  'suitcase',
  'umbrella',
  'tea pot',
  'blanket',
];
const days = ['on Monday', 'on Tuesday', 'on Thursday', 'on Friday', 'on Saturday', 'last week', 'yesterday'];
const waits = ['two days', 'three days', 'four days', 'five days', 'one week'];
const askPhoto = 'send us a photo of the damage';
const askLabel = 'keep the box and the label';
const askNumber = 'tell us your order number';

interface Problem {
  readonly items: readonly string[];
  readonly prompts: readonly ((item: string, day: string) => string)[];
  readonly remedies: readonly ((item: string) => string)[];
  readonly steps: readonly string[];
  readonly details: readonly string[];
}

const problems: readonly Problem[] = [
  {
    items: [...devices, ...goods],
    prompts: [
      (item, day) => `My ${item} arrived damaged ${day}. What can you do?`,
      (item) => `The ${item} I ordered came damaged. I would like my money back.`,
      (item, day) => `You sent me a damaged ${item} ${day}. How do I get a new one?`,
    ],
    remedies: [
      (item) => `send you a new ${item}`,
      (item) => `refund the full price of the ${item}`,
      (item) => `collect the damaged ${item} and send a new one`,
    ],
    steps: [askPhoto, askLabel],
    details: ['Damaged items are free to return.', 'The driver will collect the old one.'],
  },
  {
    items: [...devices, ...goods],
    prompts: [
      (item, day) => `I ordered ${withArticle(item)} ${day} and it is not here yet. Where is it?`,
      (item) => `My ${item} is late. When will it get here?`,
      (item) => `It has been two weeks and there is still no sign of my ${item}.`,
    ],
    remedies: [
      (item) => `find the parcel and deliver your ${item}`,
      (item) => `send a second ${item} at no cost`,
      () => 'call the driver and send you the new date',
    ],
    steps: [askNumber, 'check the address on your order'],
    details: ['The parcel left our store on time.', 'Late parcels are checked every morning.'],
  },
  {
    items: [...devices, ...goods],
    prompts: [
      (item) => `The ${item} you sent is the wrong colour. Can I change it?`,
      (item) => `I asked for a blue ${item} but I got a red one. What now?`,
      (item) => `How do I return ${withArticle(item)} that is too small?`,
    ],
    remedies: [
      (item) => `swap the ${item} for the right one`,
      (item) => `refund the ${item} in full`,
      () => 'send you a return label',
    ],
    steps: [askLabel, 'put it back in its box'],
    details: ['Returns are free for thirty days.', 'The right one is in stock.'],
  },
  {
    items: devices,
    prompts: [
      (item) => `My ${item} stopped working after two days. Is that covered?`,
      (item) => `The new ${item} makes a strange noise. Can you fix it?`,
      (item) => `A part of my ${item} is missing. Can you send it?`,
    ],
    remedies: [
      (item) => `repair the ${item} for free`,
      (item) => `send the missing part of the ${item}`,
      (item) => `replace the ${item}`,
    ],
    steps: [askNumber, askPhoto],
    details: ['Every item is covered for two years.', 'The repair shop is in Harwick.'],
  },
];

const openings = (item: string): readonly string[] => [
  `Thank you for writing to us, and I am very sorry about your ${item}.`,
  `I am so sorry about the trouble with your ${item}.`,
  `Thank you for telling us about the ${item}.`,
  `We are very sorry that your ${item} has let you down.`,
];

export const support: Kind = {
  name: 'Customer support',
  axis: 'politeness',
  rule: 'polite over plain',
  exchange(draw: Draw) {
    const problem = pick(draw, problems);
    const item = pick(draw, problem.items);
    const remedy = pick(draw, problem.remedies)(item);
    const wait = pick(draw, waits);
    const step = pick(draw, problem.steps);
    return {
      prompt: pick(draw, problem.prompts)(item, pick(draw, days)),
      preferred: sentences(
        pick(draw, openings(item)),
        `We will gladly ${remedy} within ${wait}.`,
        `Could you please ${step}?`,
        chance(draw, 0.4) ? pick(draw, politeClosings) : null,
      ),
      other: sentences(
        `We will ${remedy} within ${wait}.`,
        `${capital(step)}.`,
        pick(draw, problem.details),
        chance(draw, 0.5) ? `That is all we need for the ${item}.` : null,
      ),
    };
  },
};
