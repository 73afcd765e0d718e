import { describe, expect, it } from 'vitest';
import { FacetError } from '#core/result.ts';
import { after as afterwards, type NamedTensors, type Program, tf } from '../index.ts';
import { GraphBuilder } from './builder.ts';
import { arithmetic } from './elementwise.ts';
import { matrixProduct } from './kernels/matmul.ts';
import { recordProgram } from './recorder.ts';
import { reshape } from './shapes.ts';

const SPECS = {
  state: { w: { shape: [2, 3], dtype: 'float32' } },
  constants: { c: { shape: [3], dtype: 'float32' } },
} as const;

function program(build: (x: tf.Tensor, w: tf.Tensor) => tf.Tensor, state?: Program['build']): Program {
  return {
    name: 'sample',
    inputs: { x: { shape: [4, 2], dtype: 'float32' } },
    state: ['w'],
    constants: ['c'],
    build:
      state ??
      (({ inputs, state: { w } }): { outputs: NamedTensors } => ({ outputs: { y: build(inputs.x!, w!) } })),
  };
}
const record = (build: (x: tf.Tensor, w: tf.Tensor) => tf.Tensor) => recordProgram(program(build), SPECS);
const operations = (build: (x: tf.Tensor, w: tf.Tensor) => tf.Tensor) =>
  record(build)
    .nodes.map(({ op }) => op)
    .join(' ');

function failureOf(build: (x: tf.Tensor, w: tf.Tensor) => tf.Tensor) {
  try {
    record(build);
  } catch (error) {
    if (error instanceof FacetError) return error.failure;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('recording', () => {
  it('names an operation without a kernel, the program and the line', () => {
    const failure = failureOf((x) => tf.fft(tf.complex(x, x)));
    expect(failure.code).toBe('compute.missing-kernel');
    expect(failure.message).toMatch(/operation Complex .*program sample, at .*recorder\.test\.ts/);
  });

  it('names an operation without a gradient', () => {
    const failure = failureOf((x) => tf.grad((y) => tf.sum(tf.topk(y, 1).values))(x));
    expect(failure).toMatchObject({
      code: 'compute.missing-gradient',
      message: expect.stringContaining('TopK'),
    });
  });

  it('refuses tensors from outside, and reading a value', () => {
    void tf.setBackend('cpu');
    const outside = tf.scalar(2);
    expect(failureOf((x) => tf.mul(x, outside)).code).toBe('compute.foreign-tensor');
    expect(failureOf((x) => tf.mul(x, x.dataSync()[0]!)).code).toBe('compute.value-not-known');
    outside.dispose();
  });

  it.each([
    ['randomNormal', () => tf.randomNormal([4, 2])],
    ['randomNormal', () => tf.randomStandardNormal([4, 2])],
    ['randomUniform', () => tf.randomUniform([4, 2], 0, 1, 'float32', 'a seed')],
    ['randomUniform', () => tf.dropout(tf.ones([4, 2]), 0.5)],
    ['randomGamma', () => tf.randomGamma([4, 2], 1)],
    ['truncatedNormal', () => tf.truncatedNormal([4, 2])],
    ['rand', () => tf.rand([4, 2], () => 0.5)],
    ['Multinomial', () => tf.multinomial(tf.tensor1d([0.2, 0.8]), 3)],
  ])('refuses to burn in what %s draws', (name, draw) => {
    const failure = failureOf((x) => tf.add(x, tf.sum(tf.cast(draw(), 'float32'))));
    expect(failure.code).toBe('compute.noise-in-graph');
    expect(failure.message).toMatch(new RegExp(`^${name} draws .*program sample, at .*recorder\\.test\\.ts`));
  });

  it('checks constants, shapes and types as they are recorded, and says where', () => {
    const at = /program sample, at .*recorder\.test\.ts/;
    const unequal = failureOf((x) =>
      tf.gather(tf.reshape(x, [2, 4]), tf.tensor1d([0], 'int32'), 0, 1 as never),
    );
    expect(unequal.message).toMatch(at);
    expect(failureOf(() => tf.tensor1d(['a']))).toMatchObject({ code: 'compute.bad-dtype' });
    expect(failureOf(() => tf.tensor1d(['a'])).message).toMatch(at);
    // What tfjs lets through: a product whose operands only look alike once broadcast.
    const builder = new GraphBuilder();
    const value = (shape: number[], type: 'float32' | 'int32') =>
      builder.source({ kind: 'input', name: 'x' }, { shape, type });
    expect(() => arithmetic(builder, 'Add', value([2, 3], 'float32'), value([2], 'float32'))).toThrow(
      /can't combine the shapes \[2, 3\] and \[2\]/,
    );
    expect(() => arithmetic(builder, 'Add', value([2], 'float32'), value([2], 'int32'))).toThrow(
      /float32 and int32/,
    );
    expect(failureOf((x) => tf.where(tf.greater(x, 0), x, tf.zeros([4, 2], 'int32'))).message).toMatch(
      /Where .*float32 and int32/,
    );
    expect(() =>
      matrixProduct(builder, value([2, 3], 'float32'), value([2, 3], 'float32'), false, false),
    ).toThrow(/\[2, 3\] and \[2, 3\]/);
    expect(() => reshape(builder, value([2, 3], 'float32'), [4])).toThrow(/changes the number of values/);
    expect(() => builder.array(Float32Array.of(1, 2), [3], 'float32')).toThrow(/shape \[3\] got 2 values/);
    expect(() => value([2, Number.NaN], 'float32')).toThrow(/shape \[2, NaN\]/);
  });

  it('shares equal constants, and keeps apart what differs in type or sign of zero', () => {
    const graph = record((x) => {
      const twice = [0, 1].map(() => tf.mul(x, tf.tensor1d([2, 3])));
      return tf.concat([...twice, tf.mul(tf.add(x, 1), tf.tensor1d([2, 3]))]);
    });
    const constants = graph.nodes.flatMap(({ inputs }) =>
      inputs.filter((input) => input?.known?.kind === 'array'),
    );
    expect(new Set(constants).size).toBe(1);
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Mul', 'Add', 'Mul', 'Concat']);
    const builder = new GraphBuilder();
    expect(builder.uniform(0, [2], 'float32')).not.toBe(builder.uniform(-0, [2], 'float32'));
    expect(builder.uniform(0, [2], 'float32')).not.toBe(builder.uniform(0, [2], 'int32'));
    expect(builder.array(Float32Array.of(1, 2), [2], 'float32')).toBe(
      builder.array(Float32Array.of(1, 2), [2], 'float32'),
    );
  });

  it('makes equal nodes apart after what they wait for', () => {
    const graph = record((x, w) => {
      const first = tf.exp(tf.matMul(x, w));
      return tf.add(first, tf.exp(tf.matMul(afterwards(x, [first]), w)));
    });
    expect(graph.nodes.filter(({ op }) => op === 'Exp')).toHaveLength(2);
    expect(operations((x) => tf.exp(tf.reshape(afterwards(x, [tf.sum(x)]), [2, 4])))).toMatch(
      /Reshape.*Reshape/,
    );
    expect(operations((x) => tf.exp(afterwards(x, [tf.scalar(1)])))).toBe('Exp');
  });

  it('refuses state of another shape', () => {
    const wrong = program(
      (x) => x,
      ({ inputs }) => ({ outputs: {}, state: { w: inputs.x! } }),
    );
    expect(() => recordProgram(wrong, SPECS)).toThrow(
      /state w as float32\[4, 2\]; the engine holds float32\[2, 3\]/,
    );
  });

  it('refuses a program whose state the engine lacks', () => {
    expect(() =>
      recordProgram(
        program((x) => x),
        { ...SPECS, state: {} },
      ),
    ).toThrow(/doesn't hold/);
  });

  it('puts the backend back, also after a failure', () => {
    void tf.setBackend('cpu');
    expect(() => record((x) => tf.fft(x))).toThrow();
    expect(tf.getBackend()).toBe('cpu');
  });

  it('drops dead nodes, unread sources and equal nodes', () => {
    const graph = record((x, w) => {
      tf.exp(tf.exp(x));
      return tf.add(tf.matMul(x, w), tf.matMul(x, w));
    });
    expect(graph.nodes.map(({ op }) => op)).toEqual(['MatMul', 'Add']);
    expect(graph.sources.map(({ source }) => source?.name)).toEqual(['x', 'w']);
  });

  it('keeps transposes, ones and spread values out of the graph', () => {
    expect(operations((x, w) => tf.matMul(tf.transpose(w), tf.transpose(x)))).toBe('Gemm');
    expect(operations((x) => tf.exp(tf.mul(tf.add(x, tf.zerosLike(x)), tf.onesLike(x))))).toBe('Exp');
    expect(operations((x) => tf.mul(x, tf.tile(tf.sum(x, 1, true), [1, 2])))).toBe('ReduceSum Mul');
    expect(operations((x) => tf.grad((y) => tf.sum(tf.square(y)))(x))).toBe('Mul');
  });

  it('records a rotation as one node, and its lookalikes as they are', () => {
    const rotate = (x: tf.Tensor, first: number) => {
      const [tokens, heads, size] = [4, 1, 2];
      const flat = tf.reshape(x, [tokens, heads, size]);
      const angle = tf.reshape(tf.sum(x, 1), [tokens, 1, 1]);
      const [cos, sin] = [tf.cos(angle), tf.sin(angle)];
      const half = (at: number) => tf.slice(flat, [0, 0, at], [tokens, heads, 1]);
      const swapped = tf.concat([half(first), half(1 - first)], 2);
      const table = tf.concat([tf.neg(sin), sin], 2);
      return tf.add(tf.mul(flat, tf.concat([cos, cos], 2)), tf.mul(swapped, table));
    };
    expect(operations((x) => rotate(x, 1))).toContain('RotaryEmbedding');
    expect(operations((x) => rotate(x, 0))).not.toContain('RotaryEmbedding');
  });

  it('leaves out state that is returned as it came', () => {
    const same = program(
      (x) => x,
      ({ inputs, state: { w } }) => ({ outputs: { y: tf.exp(inputs.x!) }, state: { w: w! } }),
    );
    expect(recordProgram(same, SPECS).state).toEqual([]);
  });
});
