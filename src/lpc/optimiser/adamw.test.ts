import { beforeAll, expect, test } from 'vitest';
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { adamwStep, biasCorrections, firstMoment, secondMoment } from './adamw.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Runs updates of one parameter w with the gradients given; returns w after each and the last norm. */
function run(
  start: number[],
  gradients: number[][],
  settings: { decay?: number; clip?: number; rate?: number },
) {
  let state: Record<string, Tensor> = {
    w: tf.tensor1d(start),
    [firstMoment('w')]: tf.zeros([start.length]),
    [secondMoment('w')]: tf.zeros([start.length]),
  };
  let norm = 0;
  const path = gradients.map((gradient, index) => {
    const corrections = biasCorrections(index + 1);
    const result = adamwStep({
      parameters: ['w'],
      state: (name) => state[name] as Tensor,
      gradients: { w: tf.tensor1d(gradient) },
      ratesOf: () => ({
        learningRate: tf.scalar(settings.rate ?? 0.1),
        biasCorrection1: tf.scalar(corrections.first),
        biasCorrection2: tf.scalar(corrections.second),
      }),
      weightDecay: settings.decay ?? 0,
      decays: () => true,
      clipNorm: settings.clip ?? 0,
    });
    state = result.state;
    norm = result.gradNorm.dataSync()[0] as number;
    return [...(state.w as Tensor).dataSync()];
  });
  return { path, norm };
}

test('the first update is η·sign(g) whatever the size of g', () => {
  const { path } = run([1, 1], [[0.003, -70]], {});
  expect(path[0]?.[0]).toBeCloseTo(0.9, 5);
  expect(path[0]?.[1]).toBeCloseTo(1.1, 5);
});

test('two updates follow the equations, decay decoupled', () => {
  // By hand, η = 0.1, λ = 0.01, g₁ = 1, g₂ = −3, w₀ = 2:
  // w₁ = 2(1 − 0.001) − 0.1 = 1.898
  // m₂ = 0.09 − 0.3 = −0.21, m̂ = −0.21/0.19; v₂ = 0.000999 + 0.009 = 0.009999, v̂ = 0.009999/0.001999
  const { path } = run([2], [[1], [-3]], { decay: 0.01 });
  expect(path[0]?.[0]).toBeCloseTo(1.898, 5);
  const expected = 1.898 * (1 - 0.001) - (0.1 * (-0.21 / 0.19)) / Math.sqrt(0.009999 / 0.001999);
  expect(path[1]?.[0]).toBeCloseTo(expected, 5);
});

test('clipping scales by the global norm and reports it unclipped', () => {
  const clipped = run(
    [0, 0],
    [
      [3, 4],
      [30, 40],
    ],
    { clip: 1 },
  );
  const scaled = run(
    [0, 0],
    [
      [0.6, 0.8],
      [0.6, 0.8],
    ],
    {},
  );
  expect(clipped.norm).toBeCloseTo(50, 4);
  clipped.path[1]?.forEach((value, index) => {
    expect(value).toBeCloseTo(scaled.path[1]?.[index] as number, 4);
  });
});
