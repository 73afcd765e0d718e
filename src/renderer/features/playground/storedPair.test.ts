import { expect, it } from 'vitest';
import { storedVerdict } from './storedPair.ts';

it('says of the stored replies what was said of those on screen', () => {
  const verdicts = ['a', 'b', 'tie', 'both_bad'] as const;
  expect(verdicts.map((verdict) => storedVerdict(verdict, 'a'))).toEqual(verdicts);
  expect(verdicts.map((verdict) => storedVerdict(verdict, 'b'))).toEqual(['b', 'a', 'tie', 'both_bad']);
});
