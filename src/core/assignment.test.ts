import { describe, expect, it } from 'vitest';
import { labelsWanted } from './assignment.ts';

const pairs = Array.from({ length: 20_000 }, (_, place) => place + 1);

describe('labels wanted of a pair', () => {
  it('are so many for all, or one for all', () => {
    expect(pairs.every((id) => labelsWanted(id, { labels: 3, share: 1 }) === 3)).toBe(true);
    expect(pairs.every((id) => labelsWanted(id, { labels: 3, share: 0 }) === 1)).toBe(true);
  });

  it('are many for the share, and stay so when it grows', () => {
    const twice = (share: number) => pairs.filter((id) => labelsWanted(id, { labels: 2, share }) === 2);
    const fifth = twice(0.2);
    // Four standard errors of a fifth of 20 000.
    expect(Math.abs(fifth.length - 4000)).toBeLessThan(4 * Math.sqrt(20_000 * 0.2 * 0.8));
    const third = new Set(twice(1 / 3));
    expect(fifth.every((id) => third.has(id))).toBe(true);
  });
});
