import { beforeAll, expect, it } from 'vitest';
import type { Tensor } from '#compute/program.ts';
import { prepareTfjs, tf } from '#compute/tf.ts';
import { normals } from '#core/random.ts';
import { shiftedLogProbabilities } from './shiftedLogProbabilities.ts';
import { largestDifference } from './testModel.ts';

const random = (shape: [number, number], counter: number, std = 1): Tensor =>
  tf.tensor2d(normals({ seed: 3, stream: 'test.shifted', counter }, shape[0] * shape[1], std), shape);

beforeAll(async () => {
  prepareTfjs();
  await tf.setBackend('cpu');
});

it.each([
  ['whole', 2 ** 20, 1],
  ['in slices of the vocabulary', 4 * 64 * 9, 1],
  ['shifts of twenty nats', 4 * 64 * 9, 8],
])('is the log-softmax of each shifted state: %s', (_, bytes, std) => {
  const [hidden, shifts, weight] = [random([5, 4], 0), random([3, 4], 1, std), random([200, 4], 2)];
  const targets = tf.tensor1d([3, 0, 199, 3, 120], 'int32');
  const ours = shiftedLogProbabilities(hidden, shifts, weight, targets, bytes).arraySync() as number[][];
  for (let code = 0; code < 3; code++) {
    const shift = tf.slice(shifts as never, [code, 0], [1, 4]);
    const logits = tf.matMul(tf.add(hidden, shift) as never, weight as never, false, true);
    const plain = tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(targets, 200)), 1).dataSync();
    const column = Float32Array.from(ours, (row) => row[code] as number);
    expect(largestDifference(column, plain as Float32Array)).toBeLessThan(2e-5 * (1 + 8 * std));
  }
});
