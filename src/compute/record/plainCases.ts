import { tf } from '../index.ts';
import { type Case, one } from './parity.ts';

/** Operations without a gradient, or whose gradient tfjs lacks. */
export const PLAIN: Readonly<Record<string, Case>> = {
  rounded: one((x) => [tf.floor(x!), tf.ceil(x!), tf.sign(x!), tf.round(x!)], [20]),
  step: one((x) => [tf.step(x!), tf.step(x!, 0.5)], [20]),
  mod: { shapes: [[20], [20]], build: (a, b) => tf.mod(a!, b!) },
  compare: {
    shapes: [[20], [20]],
    integers: true,
    build: (a, b) => [
      tf.equal(a!, b!),
      tf.notEqual(a!, b!),
      tf.less(a!, b!),
      tf.lessEqual(a!, b!),
      tf.greater(a!, b!),
      tf.greaterEqual(a!, b!),
    ],
  },
  logic: {
    shapes: [[20], [20]],
    build: (a, b) => {
      const [p, q] = [tf.greater(a!, 0), tf.greater(b!, 0)];
      return [
        tf.logicalAnd(p, q),
        tf.logicalOr(p, q),
        tf.logicalXor(p, q),
        tf.logicalNot(p),
        tf.all(p),
        tf.any(q),
      ];
    },
  },
  'whole division': {
    shapes: [[30], [30]],
    integers: true,
    range: [1, 9],
    build: (a, b) =>
      tf.floorDiv(tf.sub(a!, 5), tf.mul(b!, tf.sub(tf.mul(tf.cast(tf.greater(a!, 4), 'int32'), 2), 1))),
  },
  prod: one((x) => tf.prod(x!, 1), [3, 4], [0.1, 3]),
  'broadcast extremes': { shapes: [[3, 4], [4]], build: (a, b) => [tf.maximum(a!, b!), tf.minimum(a!, b!)] },
  arguments: one((x) => [tf.argMax(x!, 1), tf.argMin(x!, 0)], [4, 6]),
  cast: one((x) => [tf.cast(x!, 'int32'), tf.cast(tf.cast(x!, 'bool'), 'float32')], [20]),
  oneHot: {
    shapes: [[6]],
    integers: true,
    range: [-2, 4],
    build: (x) => [tf.oneHot(x!, 3), tf.oneHot(x!, 4, 0.5, -1, 'float32')],
  },
  stridedSlice: one(
    (x) => [tf.stridedSlice(x!, [0, 4], [4, 0], [2, -2]), tf.stridedSlice(x!, [1], [2], [1], 0, 0, 0, 0, 1)],
    [4, 6],
  ),
  gatherND: one(
    (x) =>
      tf.gatherND(
        x!,
        tf.tensor2d(
          [
            [0, 1],
            [2, 2],
          ],
          [2, 2],
          'int32',
        ),
      ),
    [3, 4, 2],
  ),
  scatterND: one(
    (x) =>
      tf.scatterND(
        tf.tensor2d(
          [
            [0, 1],
            [2, 2],
            [0, 1],
          ],
          [3, 2],
          'int32',
        ),
        x!,
        [3, 4, 2],
      ),
    [3, 2],
  ),
  topk: one(
    (x) => {
      const { values, indices } = tf.topk(x!, 3);
      return [values, indices];
    },
    [2, 7],
  ),
  created: one((x) => [
    tf.zerosLike(x!),
    tf.onesLike(x!),
    tf.add(tf.range(0, 5, 1), tf.linspace(0, 1, 5)),
    tf.mul(tf.eye(5), x!.sum()),
  ]),
  'outputs that are inputs, constants and each other': one((x) => {
    const y = tf.exp(x!);
    return [x!, y, y, tf.scalar(3), tf.reshape(y, [15])];
  }),
};
