import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tf } from '#compute/tf.ts';
import { OBJECTIVES } from '#core/methods.ts';
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

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe('ORPO', () => {
  test('weighs the odds ratio of means by β and adds the chosen reply’s NLL', () => {
    const { loss, margin } = score({ objective: 'orpo', beta: 0.1 });
    // means −2 and −3: log odds −2 − log(1 − e⁻²), −3 − log(1 − e⁻³)
    const odds = (mean: number) => mean - Math.log(1 - Math.exp(mean));
    expect(margin[0]).toBeCloseTo(0.1, 6);
    expect(loss[0]).toBeCloseTo(2 - 0.1 * Math.log(sigmoid(odds(-2) - odds(-3))), 6);
  });

  test('stays finite where a reply is certain', () => {
    const gradient = tf.tidy(() =>
      tf
        .grad((logps) =>
          tf.sum(
            scorePairs(
              { ...DEFAULT_RUN, objective: 'orpo' },
              { logps: logps as never, reference: tf.zeros([1, 2]), lengths: tf.ones([1, 2]) },
            ).loss,
          ),
        )(tf.tensor2d([[0, -1]]))
        .dataSync(),
    );
    expect([...gradient].every(Number.isFinite)).toBe(true);
  });
});

test('CPO reads no reference and adds the NLL, as much as it is asked for', () => {
  // pair 0: β·2 = 0.2, NLL 2
  expect(score({ objective: 'cpo', beta: 0.1 }).loss[0]).toBeCloseTo(-Math.log(sigmoid(0.2)) + 2, 6);
  expect(score({ objective: 'cpo', beta: 0.1, nllWeight: 0 }).loss[0]).toBeCloseTo(
    -Math.log(sigmoid(0.2)),
    6,
  );
});

test('robust DPO takes the flipped part away', () => {
  const { loss } = score({ objective: 'robust-dpo', beta: 0.1, labelSmoothing: 0.25 });
  expect(loss[0]).toBeCloseTo((0.75 * -Math.log(sigmoid(0.2)) - 0.25 * -Math.log(sigmoid(-0.2))) / 0.5, 6);
});

test('length-normalised DPO compares means per token', () => {
  const { loss, margin } = score({ objective: 'ln-dpo', beta: 5 });
  // (1/5) − (−1/4) = 0.45
  expect(margin[0]).toBeCloseTo(2.25, 6);
  expect(loss[0]).toBeCloseTo(-Math.log(sigmoid(2.25)), 6);
});

test('RPO is DPO with an NLL term', () => {
  expect(score({ objective: 'dpo', beta: 0.1, nllWeight: 0.5 }).loss[0]).toBeCloseTo(
    0.5981388693815918 + 0.5 * 2,
    6,
  );
});

test('swapping chosen and rejected negates the margin for every objective', () => {
  for (const objective of OBJECTIVES) {
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
