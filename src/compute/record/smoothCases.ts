import { rmsNorm, tf } from '../index.ts';
import { type Case, one } from './parity.ts';

const positive = [0.1, 3] as const;

/** Operations whose gradient is compared as well. */
export const SMOOTH: Readonly<Record<string, Case>> = {
  neg: one(tf.neg),
  exp: one(tf.exp),
  log: one(tf.log, [7], positive),
  log1p: one(tf.log1p, [9], [-0.5, 3]),
  'log1p near 0': one(tf.log1p, [9], [-1e-4, 1e-4]),
  expm1: one(tf.expm1, [2, 9], [-3, 3]),
  sqrt: one(tf.sqrt, [4, 4], positive),
  rsqrt: one(tf.rsqrt, [4, 4], positive),
  square: one(tf.square),
  sigmoid: one(tf.sigmoid),
  tanh: one(tf.tanh),
  softplus: one(tf.softplus),
  logSigmoid: one(tf.logSigmoid),
  abs: one(tf.abs),
  reciprocal: one(tf.reciprocal, [6], positive),
  erf: one(tf.erf),
  sin: one(tf.sin),
  cos: one(tf.cos),
  relu: one(tf.relu),
  leakyRelu: one((x) => tf.leakyRelu(x!, 0.1)),
  clip: one((x) => tf.clipByValue(x!, -1, 1)),
  add: {
    shapes: [
      [2, 1, 4],
      [3, 1],
    ],
    build: (a, b) => tf.add(a!, b!),
  },
  sub: { shapes: [[3, 4], [4]], build: (a, b) => tf.sub(a!, b!) },
  mul: {
    shapes: [
      [3, 4],
      [1, 4],
    ],
    build: (a, b) => tf.mul(a!, b!),
  },
  div: {
    shapes: [
      [3, 4],
      [3, 1],
    ],
    build: (a, b) => tf.div(a!, b!),
    range: positive,
  },
  maximum: {
    shapes: [
      [3, 4],
      [3, 4],
    ],
    build: (a, b) => tf.maximum(a!, b!),
  },
  minimum: {
    shapes: [
      [3, 4],
      [3, 4],
    ],
    build: (a, b) => tf.minimum(a!, b!),
  },
  pow: {
    shapes: [
      [3, 4],
      [3, 4],
    ],
    build: (a, b) => tf.pow(a!, b!),
    range: positive,
  },
  squaredDifference: {
    shapes: [
      [3, 4],
      [3, 4],
    ],
    build: (a, b) => tf.squaredDifference(a!, b!),
  },
  addN: { shapes: [[3], [3], [3]], build: (...list) => tf.addN(list) },
  'constants fold': one((x) =>
    tf.add(tf.mul(x!, tf.ones([3, 5])), tf.mul(tf.fill([3, 5], 2), tf.scalar(0.5))),
  ),
  'sum of all': one((x) => tf.sum(x!)),
  'sum of axis': one((x) => tf.sum(x!, [0, -1], true), [2, 3, 4]),
  mean: one((x) => tf.mean(x!, 1), [2, 3, 4]),
  max: one((x) => tf.max(x!, -1), [3, 7]),
  min: one((x) => tf.min(x!, 0), [3, 7]),
  softmax: one((x) => tf.softmax(x!), [4, 6]),
  logSoftmax: one((x) => tf.logSoftmax(x!), [4, 6]),
  logSumExp: one((x) => tf.logSumExp(x!, 1), [4, 6]),
  cumsum: one((x) => tf.cumsum(x!, 1, true, true), [3, 5]),
  reshape: one((x) => tf.reshape(tf.reshape(x!, [-1]), [5, 3])),
  expandDims: one((x) => tf.mul(tf.expandDims(x!, -1), tf.expandDims(x!, 1))),
  squeeze: one((x) => tf.squeeze(x!), [3, 1, 2]),
  transpose: one((x) => tf.transpose(tf.transpose(x!, [2, 0, 1]), [0, 2, 1]), [2, 3, 4]),
  slice: one((x) => tf.slice(x!, [1, 0], [-1, 2]), [4, 5]),
  concat: {
    shapes: [
      [2, 3],
      [2, 2],
    ],
    build: (a, b) => tf.concat([a!, b!, a!], -1),
  },
  split: one((x) => tf.split(x!, [2, 3, 1], 1), [2, 6]),
  stack: {
    shapes: [
      [2, 3],
      [2, 3],
    ],
    build: (a, b) => tf.stack([a!, b!], 1),
  },
  unstack: one((x) => tf.unstack(x!, 1), [2, 3]),
  tile: one((x) => tf.tile(x!, [2, 3])),
  broadcastTo: one((x) => tf.broadcastTo(x!, [4, 3, 5]), [3, 1]),
  pad: one((x) =>
    tf.pad(
      x!,
      [
        [1, 0],
        [2, 1],
      ],
      0,
    ),
  ),
  reverse: one((x) => tf.reverse(x!, 1)),
  gather: one((x) => tf.gather(x!, tf.tensor1d([0, 2, 2, 1], 'int32')), [3, 4]),
  'gather axis 1': one(
    (x) =>
      tf.gather(
        x!,
        tf.tensor2d(
          [
            [0, 2],
            [2, 1],
          ],
          [2, 2],
          'int32',
        ),
        1,
      ),
    [3, 4],
  ),
  'segment sum drops negative ids': one(
    (x) => tf.unsortedSegmentSum(x!, tf.tensor1d([2, -1, 0, 2, -1], 'int32'), 4),
    [5, 3],
  ),
  where: {
    shapes: [
      [3, 4],
      [3, 4],
    ],
    build: (a, b) => tf.where(tf.tensor2d([[1, 0, 1, 0]], [1, 4], 'bool'), a!, tf.mul(b!, 2)),
  },
  matMul: {
    shapes: [
      [3, 4],
      [4, 5],
    ],
    build: (a, b) => tf.matMul(a!, b!),
  },
  'matMul Aᵀ': {
    shapes: [
      [4, 3],
      [4, 5],
    ],
    build: (a, b) => tf.matMul(a!, b!, true),
  },
  'matMul Bᵀ': {
    shapes: [
      [3, 4],
      [5, 4],
    ],
    build: (a, b) => tf.matMul(a!, b!, false, true),
  },
  'matMul AᵀBᵀ': {
    shapes: [
      [4, 3],
      [5, 4],
    ],
    build: (a, b) => tf.matMul(a!, b!, true, true),
  },
  'thin matMul Aᵀ': {
    shapes: [
      [7, 16],
      [7, 2],
    ],
    build: (a, b) => tf.matMul(a!, b!, true),
  },
  'thin matMul AᵀBᵀ': {
    shapes: [
      [3, 7, 9],
      [3, 2, 7],
    ],
    build: (a, b) => tf.matMul(a!, b!, true, true),
  },
  'batched matMul': {
    shapes: [
      [2, 3, 4],
      [2, 5, 4],
    ],
    build: (a, b) => tf.matMul(a!, b!, false, true),
  },
  'matMul of a transpose': {
    shapes: [
      [4, 2, 3],
      [4, 2, 5],
    ],
    build: (a, b) => tf.matMul(tf.transpose(a!, [1, 2, 0]), tf.transpose(b!, [1, 0, 2])),
  },
  'fused matMul': {
    shapes: [[3, 4], [4, 5], [5]],
    build: (a, b, bias) => tf.fused.matMul({ a: a!, b: b!, bias: bias!, activation: 'relu' }),
  },
  dot: { shapes: [[4], [4]], build: (a, b) => tf.dot(a!, b!) },
  norm: one((x) => tf.norm(x!, 2)),
  'rotary positions': {
    shapes: [
      [5, 3, 8],
      [5, 1, 4],
    ],
    build: (x, angle) => {
      const [cos, sin] = [tf.cos(angle!), tf.sin(angle!)];
      const half = (first: number) => tf.slice(x!, [0, 0, first], [5, 3, 4]);
      const swapped = tf.concat([half(4), half(0)], 2);
      const table = tf.concat([tf.neg(sin), sin], 2);
      const straight = tf.mul(x!, tf.concat([cos, cos], 2));
      return [tf.add(straight, tf.mul(swapped, table)), tf.sub(straight, tf.mul(swapped, table))];
    },
  },
  'rms norm': { shapes: [[2, 3, 6], [6]], build: (x, scale) => rmsNorm(x!, scale!, 1e-3) },
  silu: one((x) => tf.mul(x!, tf.sigmoid(x!))),
};
