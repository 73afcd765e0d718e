import { describe, expect, it } from 'vitest';
import { orderBySimilarity } from './codeSimilarity.ts';

describe('codes by similarity', () => {
  it('puts codes that fire on the same prompts beside each other', () => {
    // Codes 0 and 3 share the first two prompts, 1 and 2 the others; 3 and 1 meet once. By hand: 0 3 1 2.
    const weights = [
      [0.6, 0.0, 0.0, 0.4],
      [0.5, 0.1, 0.0, 0.4],
      [0.0, 0.5, 0.5, 0.0],
      [0.0, 0.4, 0.6, 0.0],
    ].flat();
    expect(orderBySimilarity(weights, 4, [0, 1, 2, 3])).toEqual([0, 3, 1, 2]);
    // Code 2 meets neither of the others: the tie goes to the lower number.
    expect(orderBySimilarity(weights, 4, [2, 0, 3])).toEqual([2, 0, 3]);
  });

  it('holds every code once, those without weight too', () => {
    const weights = [
      [1, 0, 0, 0],
      [0.5, 0, 0.5, 0],
    ].flat();
    expect(orderBySimilarity(weights, 4, [0, 1, 2, 3]).toSorted()).toEqual([0, 1, 2, 3]);
    expect(orderBySimilarity(weights, 4, [])).toEqual([]);
    expect(orderBySimilarity(weights, 4, [2])).toEqual([2]);
  });
});
