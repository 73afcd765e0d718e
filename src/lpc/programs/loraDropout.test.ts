import { beforeAll, expect, test } from 'vitest';
import { tf } from '#compute/tf.ts';
import { uniforms } from '#core/random.ts';
import { dropped } from './loraDropout.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('a mask keeps 1 − p of the entries, scaled so that the mean stays, and entries are pairwise independent', () => {
  const [tokens, width, share] = [400, 300, 0.3];
  const draw = (stream: string, count: number) =>
    tf.tensor1d(uniforms({ seed: 1, stream, counter: 0 }, count));
  const masks = ['a', 'b'].map((name) =>
    tf.tidy(() => [
      ...dropped(
        tf.ones([tokens, width]),
        draw(`${name} tokens`, tokens),
        draw(`${name} features`, width),
        share,
      ).dataSync(),
    ]),
  );
  const [first, second] = masks as [number[], number[]];
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(new Set(first.map((value) => Math.fround(value)))).toEqual(new Set([0, Math.fround(1 / 0.7)]));
  expect(mean(first)).toBeCloseTo(1, 1);
  // Neighbours in a row, in a column, and the same place of another mask: E[ab] = E[a]E[b] = 1.
  const products = (other: (index: number) => number | undefined) =>
    mean(first.flatMap((value, index) => (other(index) === undefined ? [] : [value * other(index)!])));
  expect(products((index) => ((index + 1) % width === 0 ? undefined : first[index + 1]))).toBeCloseTo(1, 1);
  expect(products((index) => first[index + width])).toBeCloseTo(1, 1);
  expect(products((index) => second[index])).toBeCloseTo(1, 1);
});
