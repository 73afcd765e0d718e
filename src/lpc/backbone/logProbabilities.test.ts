import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '#compute/program.ts';
import { rmsNorm } from '#compute/rmsNorm.ts';
import { prepareTfjs, tf } from '#compute/tf.ts';
import { normals } from '#core/random.ts';
import { shiftedTargetLogProbabilities, targetLogProbabilities } from './logProbabilities.ts';
import { gatedGelu, gatedSilu, rotaryTables, rotate } from './ops.ts';
import { largestDifference } from './testModel.ts';

const random = (shape: number[], counter: number, std = 1): Tensor =>
  tf.tensor(
    normals(
      { seed: 11, stream: 'test', counter },
      shape.reduce((a, b) => a * b, 1),
      std,
    ),
    shape,
  );

/** Value and input gradients, under a non-uniform upstream gradient. */
function evaluate(f: (...inputs: Tensor[]) => Tensor, inputs: Tensor[]): Float32Array[] {
  const value = f(...inputs);
  const upstream = random(value.shape, 99);
  const gradients = tf.grads((...xs: Tensor[]) => tf.sum(tf.mul(f(...xs), upstream)))(inputs);
  return [value, ...gradients].map((tensor) => tensor.dataSync() as Float32Array);
}

function expectSame(
  ours: (...inputs: Tensor[]) => Tensor,
  plain: (...inputs: Tensor[]) => Tensor,
  inputs: Tensor[],
): void {
  const expected = evaluate(plain, inputs);
  for (const [index, actual] of evaluate(ours, inputs).entries()) {
    expect(largestDifference(actual, expected[index]!)).toBeLessThan(1e-5);
  }
}

beforeAll(async () => {
  prepareTfjs();
  await tf.setBackend('cpu');
});

describe('hand-written gradients equal the tape’s', () => {
  const targets = () => tf.tensor1d([3, 0, 6, 3, 3], 'int32');
  const plainLogProbabilities = (hidden: Tensor, weight: Tensor): Tensor =>
    tf.sum(tf.mul(tf.logSoftmax(tf.matMul(hidden, weight, false, true)), tf.oneHot(targets(), 7)), 1);

  it('targetLogProbabilities, a target occurring more than once', () => {
    expectSame(
      (h, w) => targetLogProbabilities(h!, w!, targets()),
      (h, w) => plainLogProbabilities(h!, w!),
      [random([5, 4], 0), random([7, 4], 1)],
    );
  });

  it('targetLogProbabilities over a frozen head', () => {
    const weight = random([7, 4], 1);
    expectSame(
      (h) => targetLogProbabilities(h!, weight, targets(), { weightTrained: false }),
      (h) => plainLogProbabilities(h!, weight),
      [random([5, 4], 0)],
    );
  });

  it.each([
    ['whole', {}],
    ['in slices of the vocabulary', { logitBytes: 0 }],
  ])('shiftedTargetLogProbabilities, one group without a state: %s', (_, options) => {
    const [states, weight] = [random([5, 4], 0), random([200, 4], 1)];
    const of = () => tf.tensor1d([3, 0, 199, 3, 120], 'int32');
    const membership = tf.tensor2d([1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1], [3, 5]);
    const shifted = (shift: Tensor): Tensor =>
      tf.add(states, tf.matMul(membership, shift as never, true, false));
    expectSame(
      (shift) => shiftedTargetLogProbabilities({ states, shift: shift!, membership }, weight, of(), options),
      (shift) =>
        tf.sum(
          tf.mul(
            tf.logSoftmax(tf.matMul(shifted(shift!) as never, weight as never, false, true)),
            tf.oneHot(of(), 200),
          ),
          1,
        ),
      [random([3, 4], 2)],
    );
  });

  it('targetLogProbabilities stays finite for logits far beyond float32’s exp', () => {
    const [value] = evaluate(
      (h, w) => targetLogProbabilities(h!, w!, targets()),
      [random([5, 4], 0, 200), random([7, 4], 1)],
    );
    expect(value!.every((logp) => Number.isFinite(logp) && logp <= 1e-3)).toBe(true);
  });

  it('rmsNorm', () => {
    expectSame(
      (x, scale) => rmsNorm(x!, scale!, 1e-3),
      (x, scale) => tf.mul(tf.div(x!, tf.sqrt(tf.add(tf.mean(tf.square(x!), -1, true), 1e-3))), scale!),
      [random([2, 3, 6], 2), random([6], 6)],
    );
  });

  it('gatedGelu', () => {
    const tanhGelu = (g: Tensor): Tensor => {
      const inner = tf.mul(tf.add(g, tf.mul(tf.pow(g, 3), 0.044715)), Math.sqrt(2 / Math.PI));
      return tf.mul(tf.mul(g, 0.5), tf.add(tf.tanh(inner), 1));
    };
    expectSame(
      (g, u) => gatedGelu(g!, u!),
      (g, u) => tf.mul(tanhGelu(g!), u!),
      [random([3, 5], 3), random([3, 5], 4)],
    );
  });

  it('gatedSilu', () => {
    expectSame(
      (g, u) => gatedSilu(g!, u!),
      (g, u) => tf.mul(tf.mul(g!, tf.sigmoid(g!)), u!),
      [random([3, 5], 3), random([3, 5], 4)],
    );
  });

  it('rotate', () => {
    const frequencies = [1, 0.1];
    const positions = tf.tensor1d([0, 5, 2], 'int32');
    const plain = (x: Tensor): Tensor => {
      const angle = tf.reshape(tf.outerProduct(tf.tensor1d([0, 5, 2]), tf.tensor1d(frequencies)), [3, 1, 2]);
      const [first, second] = tf.split(x, 2, 2) as [Tensor, Tensor];
      return tf.concat(
        [
          tf.sub(tf.mul(first, tf.cos(angle)), tf.mul(second, tf.sin(angle))),
          tf.add(tf.mul(second, tf.cos(angle)), tf.mul(first, tf.sin(angle))),
        ],
        2,
      );
    };
    expectSame(
      (x) => rotate(x!, rotaryTables(positions, frequencies)),
      (x) => plain(x!),
      [random([3, 2, 4], 5)],
    );
  });
});
