import { describe, expect, it } from 'vitest';
import { fittingBudget } from './fittingBudget.ts';

const estimate = (bytesPerToken: number, weights: number) => async (tokens: number) => ({
  peakBytes: weights + bytesPerToken * tokens,
  memoryBytes: 1000,
  pairsCut: tokens < 300 ? 4 : 0,
});

describe('a token budget that fits', () => {
  it('is the first half that does, with what it leaves out', async () => {
    const tried: number[] = [];
    expect(await fittingBudget(2048, estimate(1, 100), (budget) => tried.push(budget))).toEqual({
      tokenBudget: 512,
      pairsCut: 0,
    });
    expect(tried).toEqual([1024, 512]);
    expect(await fittingBudget(2048, estimate(2, 300))).toEqual({ tokenBudget: 128, pairsCut: 4 });
  });

  it('is none where the weights alone are too much', async () => {
    expect(await fittingBudget(4096, estimate(0, 900))).toBeNull();
  });
});
