import { expect, it } from 'vitest';
import { replyWords } from './replyWords.ts';

const pairs = Array.from({ length: 30 }, (_, row) => ({
  chosen: `Sorry about parcel ${row}, kindly wait for the courier`,
  rejected: `Parcel ${row} is late, whatever, wait for the courier`,
}));

it('finds the words that go with being chosen and with being rejected, not what both say', () => {
  const { chosen, rejected } = replyWords(pairs);
  expect(chosen).toContain('sorry');
  expect(rejected).toContain('whatever');
  for (const words of [chosen, rejected]) expect(words).not.toContain('courier');
});

it('says nothing of a few pairs', () => {
  expect(replyWords(pairs.slice(0, 9))).toEqual({ chosen: [], rejected: [] });
});
