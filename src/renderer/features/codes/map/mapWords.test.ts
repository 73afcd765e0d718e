import { expect, it } from 'vitest';
import { faithWords } from './mapWords.ts';

it('says what a picture keeps, and what a linear rule reads without it', () => {
  const probe = { features: 0.91, picture: 0.64, commonest: 0.4, prompts: 900 };
  expect(faithWords({ kept: 0.425, explained: [0.5, 0.12], probe })).toBe(
    'The plane holds 62 % of the spread. 43 % of nearest prompts are nearest here too. A linear rule names the source of 91 % from what is laid out, of 64 % from the picture alone; the commonest source is 40 %.',
  );
  expect(faithWords({ kept: null, explained: null, probe: null })).toBe('');
});
