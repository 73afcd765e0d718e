import { describe, expect, it } from 'vitest';
import { FacetError } from '#core/result.ts';
import { type NamedTensors, type Program, tf } from '../index.ts';
import { recordProgram } from './recorder.ts';

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
