import { expect, it } from 'vitest';
import { coverageWords } from './coverageWords.ts';

it('names the codes with few labels, the first eight of many', () => {
  expect(coverageWords([])).toBe('Every code has its share of labels.');
  expect(coverageWords([3])).toBe('Code 3 has few labels.');
  expect(coverageWords([3, 5])).toBe('Codes 3, 5 have few labels.');
  expect(coverageWords([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])).toBe(
    'Codes 0, 1, 2, 3, 4, 5, 6, 7 and 2 more have few labels.',
  );
});
