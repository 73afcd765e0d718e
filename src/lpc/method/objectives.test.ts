import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tf } from '#compute/tf.ts';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { scorePairs } from './objectives.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
let before = 0;
beforeAll(() => {
  before = tf.memory().numTensors;
});
afterAll(() => {
  expect(tf.memory().numTensors).toBe(before);
});

/** Two pairs: log-probabilities, reference and lengths chosen so that every figure can be checked by hand. */
function score(settings: Partial<typeof DEFAULT_RUN>) {
  return tf.tidy(() => {
    const result = scorePairs(
      { ...DEFAULT_RUN, ...settings },
      {
        logps: tf.tensor2d([
          [-10, -12],
          [-20, -6],
        ]),
        reference: tf.tensor2d([
          [-11, -11],
          [-20, -6],
        ]),
        lengths: tf.tensor2d([
          [5, 4],
          [10, 2],
        ]),
      },
    );
    return {
      loss: [...result.loss.dataSync()],
      margin: [...result.margin.dataSync()],
      rewards: [...result.rewards.dataSync()],
    };
  });
}

describe('DPO', () => {
  test('loss is −log σ(βΔ): Δ = 2 gives −log σ(0.2), Δ = 0 gives ln 2', () => {
    const { loss, margin, rewards } = score({ objective: 'dpo', beta: 0.1 });
    expect(margin[0]).toBeCloseTo(0.2, 6);
    expect(loss[0]).toBeCloseTo(0.5981388693815918, 6);
    expect(loss[1]).toBeCloseTo(Math.LN2, 6);
    expect(rewards).toEqual([expect.closeTo(0.1, 6), expect.closeTo(-0.1, 6), 0, 0]);
  });

  test('label smoothing mixes in the swapped label', () => {
    const { loss } = score({ objective: 'dpo', beta: 0.1, labelSmoothing: 0.25 });
    // 0.75·softplus(−0.2) + 0.25·softplus(0.2)
    expect(loss[0]).toBeCloseTo(0.75 * 0.5981388693815918 + 0.25 * 0.7981388693815918, 6);
  });
});

describe('IPO', () => {
  test('mean: Δ′ = (1/5) − (−1/4) = 0.45; target 1/(2β) = 5', () => {
    const { loss, margin } = score({ objective: 'ipo', beta: 0.1, ipoAverage: 'mean' });
    expect(margin[0]).toBeCloseTo(0.045, 6);
    expect(loss[0]).toBeCloseTo((0.45 - 5) ** 2, 4);
    expect(loss[1]).toBeCloseTo(25, 5);
  });

  test('sum: Δ′ = 2', () => {
    expect(score({ objective: 'ipo', beta: 0.1, ipoAverage: 'sum' }).loss[0]).toBeCloseTo(9, 5);
  });
});

describe('SimPO', () => {
  test('uses per-token means, no reference, and γ = ratio·β', () => {
    const { loss, margin } = score({ objective: 'simpo', beta: 2, gammaBetaRatio: 0.5 });
    // pair 0: 2·(−10/5) − 2·(−12/4) = 2, minus γ = 1; pair 1: 2·(−2) − 2·(−3) = 2
    expect(margin).toEqual([expect.closeTo(2, 6), expect.closeTo(2, 6)]);
    expect(loss[0]).toBeCloseTo(Math.log(1 + Math.exp(-1)), 6);
  });
});

test('swapping chosen and rejected negates the margin for every objective', () => {
  for (const objective of ['dpo', 'ipo', 'simpo'] as const) {
    const given = score({ objective }).margin;
    const swapped = tf.tidy(() => [
      ...scorePairs(
        { ...DEFAULT_RUN, objective },
        {
          logps: tf.tensor2d([
            [-12, -10],
            [-6, -20],
          ]),
          reference: tf.tensor2d([
            [-11, -11],
            [-6, -20],
          ]),
          lengths: tf.tensor2d([
            [4, 5],
            [2, 10],
          ]),
        },
      ).margin.dataSync(),
    ]);
    swapped.forEach((value, index) => {
      expect(value).toBeCloseTo(-(given[index] as number), 6);
    });
  }
});
