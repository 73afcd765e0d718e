import { expect, it } from 'vitest';
import { meanOverPrompts } from './overPrompts.ts';

const rows = (prompts: number, pairs: number) =>
  Array.from({ length: prompts * pairs }, (_, row) => ({
    promptId: String(row % prompts),
    value: (row % prompts) % 2,
  }));

it('draws prompts with all their pairs: further pairs of the same prompts tell nothing new', () => {
  const once = meanOverPrompts(rows(40, 1), 1);
  const often = meanOverPrompts(rows(40, 25), 1);
  expect(often).toEqual(once);
  expect(once.value).toBe(0.5);
  // Standard error of 40 halves: √(0.25 / 40) = 0.079; 95 % reaches 1.96 of them to either side.
  expect(once.high - once.low).toBeGreaterThan(0.25);
  expect(once.high - once.low).toBeLessThan(0.36);
});

it('weighs a prompt by its pairs', () => {
  const uneven = [
    ...Array.from({ length: 9 }, () => ({ promptId: 'a', value: 1 })),
    { promptId: 'b', value: 0 },
  ];
  const { value, low, high } = meanOverPrompts(uneven, 1);
  expect(value).toBe(0.9);
  // Drawn twice, one prompt stands alone.
  expect([low, high]).toEqual([0, 1]);
});
