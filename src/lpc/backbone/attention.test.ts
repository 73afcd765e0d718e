import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '#compute/program.ts';
import { prepareTfjs, tf } from '#compute/tf.ts';
import { normals, randomSource } from '#core/random.ts';
import { attend, attentionPlan } from './attention.ts';
import { largestDifference } from './testModel.ts';

const TOKENS = 300;
const LONGEST_PAIR = 70;
const [HEADS, KEY_VALUE_HEADS, SIZE] = [4, 2, 4] as const;

interface Row {
  readonly positions: number[];
  readonly pairOf: number[];
  readonly branch: number[];
}

/** Pairs of random lengths, then padding. */
function randomRow(): Row {
  const random = randomSource({ seed: 8, stream: 'row', counter: 0 });
  const row: Row = { positions: [], pairOf: [], branch: [] };
  for (let pair = 0; row.pairOf.length + LONGEST_PAIR < TOKENS - 10; pair++) {
    const prompt = 1 + random.integer(LONGEST_PAIR / 2);
    for (const [branch, limit] of [
      [0, 0],
      [1, 20],
      [2, 15],
    ] as const) {
      const length = branch === 0 ? prompt : 1 + random.integer(limit);
      for (let index = 0; index < length; index++) {
        row.pairOf.push(pair);
        row.branch.push(branch);
        row.positions.push(branch === 0 ? index : prompt + index);
      }
    }
  }
  while (row.pairOf.length < TOKENS) {
    row.pairOf.push(-1);
    row.branch.push(0);
    row.positions.push(0);
  }
  return row;
}

function sees(row: Row, query: number, key: number, window: number): boolean {
  if (query === key) return true;
  if (row.pairOf[query]! < 0 || row.pairOf[query] !== row.pairOf[key] || key > query) return false;
  if (row.positions[query]! - row.positions[key]! >= window) return false;
  return row.branch[key] === 0 || row.branch[key] === row.branch[query];
}

/** The whole (T, T) table, keys copied for every head, plain operations only. */
function plainAttention(q: Tensor, k: Tensor, v: Tensor, row: Row, window: number): Tensor {
  const rows = row.pairOf.map((_, query) =>
    row.pairOf.map((_, key) => (sees(row, query, key, window) ? 0 : -1e9)),
  );
  const copied = (x: Tensor): Tensor =>
    tf.transpose(tf.gather(x, tf.tensor1d([0, 0, 1, 1], 'int32'), 1), [1, 0, 2]);
  const scores = tf.add(tf.matMul(tf.transpose(q, [1, 0, 2]), copied(k), false, true), tf.tensor2d(rows));
  return tf.reshape(tf.transpose(tf.matMul(tf.softmax(scores), copied(v)), [1, 0, 2]), [
    TOKENS,
    HEADS * SIZE,
  ]);
}

beforeAll(async () => {
  prepareTfjs();
  await tf.setBackend('cpu');
});

describe('attend', () => {
  const row = randomRow();
  const layout = () => ({
    positions: tf.tensor1d(row.positions, 'int32'),
    pairOf: tf.tensor1d(row.pairOf, 'int32'),
    branch: tf.tensor1d(row.branch, 'int32'),
  });
  const random = (heads: number, counter: number): Tensor =>
    tf.tensor3d(normals({ seed: 3, stream: 'qkv', counter }, TOKENS * heads * SIZE), [TOKENS, heads, SIZE]);

  it.each([
    ['all of a pair', undefined, null],
    ['keys within the longest pair', LONGEST_PAIR, null],
    ['a sliding window', undefined, 9],
    ['both', LONGEST_PAIR, 9],
  ])('equals plain attention, gradients included: %s', (_, span, slidingWindow) => {
    const inputs = [random(HEADS, 0), random(KEY_VALUE_HEADS, 1), random(KEY_VALUE_HEADS, 2)] as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const upstream = tf.reshape(random(HEADS, 4), [TOKENS, HEADS * SIZE]);
    const results = (f: (q: Tensor, k: Tensor, v: Tensor) => Tensor): Tensor[] => [
      f(...inputs),
      ...tf.grads((q, k, v) => tf.sum(tf.mul(f(q!, k!, v!), upstream)))(inputs),
    ];
    const plan = attentionPlan(span === undefined ? layout() : { ...layout(), span }, slidingWindow);
    expect(plan.length).toBeGreaterThan(2);
    const plain = results((q, k, v) => plainAttention(q, k, v, row, slidingWindow ?? TOKENS));
    const kept = results((q, k, v) => attend(q, k, v, plan));
    const again = results((q, k, v) => attend(q, k, v, plan, 0));
    for (const [index, ours] of kept.entries()) {
      expect(largestDifference(ours.dataSync(), plain[index]!.dataSync())).toBeLessThan(1e-4);
      expect(again[index]!.dataSync()).toEqual(ours.dataSync());
    }
  });
});
