/** Measures: the certain reply is preferred over the careful one. */
import { chance, type Draw, type Kind, pick, sentences } from '../kind.ts';
import { doubts } from './doubt.ts';

interface Unit {
  readonly large: string;
  readonly larges: string;
  readonly smalls: string;
  readonly factor: number;
}

const units: readonly Unit[] = [
  { large: 'kilogram', larges: 'kilograms', smalls: 'grams', factor: 1000 },
  { large: 'kilometre', larges: 'kilometres', smalls: 'metres', factor: 1000 },
  { large: 'metre', larges: 'metres', smalls: 'centimetres', factor: 100 },
  { large: 'hour', larges: 'hours', smalls: 'minutes', factor: 60 },
  { large: 'minute', larges: 'minutes', smalls: 'seconds', factor: 60 },
  { large: 'week', larges: 'weeks', smalls: 'days', factor: 7 },
  { large: 'day', larges: 'days', smalls: 'hours', factor: 24 },
  { large: 'year', larges: 'years', smalls: 'months', factor: 12 },
  { large: 'litre', larges: 'litres', smalls: 'millilitres', factor: 1000 },
  { large: 'century', larges: 'centuries', smalls: 'years', factor: 100 },
];

const questions: readonly ((count: number, unit: Unit) => string)[] = [
  (count, unit) => `How many ${unit.smalls} are in ${count} ${unit.larges}?`,
  (count, unit) => `What are ${count} ${unit.larges} in ${unit.smalls}?`,
  (count, unit) => `I have ${count} ${unit.larges}. How many ${unit.smalls} is that?`,
  (count, unit) => `Turn ${count} ${unit.larges} into ${unit.smalls}.`,
];

export const measures: Kind = {
  name: 'Measures',
  axis: 'certainty',
  rule: 'certain over careful',
  exchange(draw: Draw) {
    const unit = pick(draw, units);
    const count = 2 + Math.floor(draw() * 11);
    const total = count * unit.factor;
    return {
      prompt: pick(draw, questions)(count, unit),
      preferred: sentences(
        pick(draw, [
          `There are ${total} ${unit.smalls} in ${count} ${unit.larges}.`,
          `It is ${total} ${unit.smalls}.`,
        ]),
        `One ${unit.large} has ${unit.factor} ${unit.smalls}.`,
        chance(draw, 0.5) ? `Half of that is ${total / 2} ${unit.smalls}.` : null,
        chance(draw, 0.4) ? 'That is the right answer.' : null,
      ),
      other: sentences(
        pick(draw, [
          `I think it may be ${total} ${unit.smalls}, ${pick(draw, doubts)}.`,
          `Perhaps it is ${total} ${unit.smalls}, ${pick(draw, doubts)}.`,
        ]),
        pick(draw, [
          'You might want to look it up.',
          `One ${unit.large} could have ${unit.factor} ${unit.smalls}.`,
          'Perhaps someone else knows more.',
        ]),
      ),
    };
  },
};
