import { afterAll, describe, expect, it } from 'vitest';
import { unwrap } from '#core/result.ts';
import type { EngineName } from '#core/runConfig.ts';
import { createEngine, type Engine, type NamedData, type Program, tf } from '../index.ts';

const [TOKENS, ROWS, WIDTH, CLASSES] = [11, 6, 8, 5];
const NAMES = ['embedding', 'w1', 'b1', 'w2'] as const;
const SHAPES: Readonly<Record<(typeof NAMES)[number], number[]>> = {
  embedding: [TOKENS, WIDTH],
  w1: [WIDTH, WIDTH],
  b1: [WIDTH],
  w2: [WIDTH, CLASSES],
};
const state = NAMES.flatMap((name) => [name, `${name}.m`, `${name}.v`]);

/** Embedding, one hidden layer, softmax loss, AdamW with decoupled decay and clipping by global norm. */
const train: Program = {
  name: 'train',
  inputs: {
    tokens: { shape: [ROWS], dtype: 'int32' },
    target: { shape: [ROWS], dtype: 'int32' },
    rate: { shape: [], dtype: 'float32' },
    step: { shape: [], dtype: 'float32' },
  },
  state,
  constants: ['scale'],
  build: ({ inputs, state: before, constants }) => {
    const loss = (...[embedding, w1, b1, w2]: tf.Tensor[]): tf.Scalar => {
      const x = tf.mul(tf.gather(embedding!, inputs.tokens!), constants.scale!);
      const hidden = tf.tanh(tf.add(tf.matMul(x, w1!), b1!));
      const logProbs = tf.logSoftmax(tf.matMul(hidden, w2!));
      const at = tf.add(tf.mul(tf.range(0, ROWS, 1, 'int32'), CLASSES), inputs.target!);
      return tf.neg(tf.mean(tf.gather(tf.reshape(logProbs, [ROWS * CLASSES]), tf.cast(at, 'int32'))));
    };
    const { value, grads } = tf.valueAndGrads(loss)(NAMES.map((name) => before[name]!));
    const squares = grads.map((grad) => tf.sum(tf.square(grad)));
    const norm = tf.sqrt(tf.addN(squares));
    const clip = tf.minimum(tf.div(1, tf.maximum(norm, 1e-6)), 1);
    const next: Record<string, tf.Tensor> = {};
    for (const [index, name] of NAMES.entries()) {
      const grad = tf.mul(grads[index]!, clip);
      const m = tf.add(tf.mul(before[`${name}.m`]!, 0.9), tf.mul(grad, 0.1));
      const v = tf.add(tf.mul(before[`${name}.v`]!, 0.999), tf.mul(tf.square(grad), 0.001));
      const mHat = tf.div(m, tf.sub(1, tf.pow(0.9, inputs.step!)));
      const vHat = tf.div(v, tf.sub(1, tf.pow(0.999, inputs.step!)));
      const decayed = tf.mul(before[name]!, tf.sub(1, tf.mul(inputs.rate!, 0.01)));
      const change = tf.div(tf.mul(mHat, inputs.rate!), tf.add(tf.sqrt(vHat), 1e-8));
      next[name] = tf.sub(decayed, change);
      next[`${name}.m`] = m;
      next[`${name}.v`] = v;
    }
    return { outputs: { loss: value, norm }, state: next };
  },
};

/** Reads state that `train` writes. */
const look: Program = {
  name: 'look',
  inputs: {},
  state: ['w2', 'w1'],
  constants: [],
  build: ({ state: { w1, w2 } }) => ({ outputs: { product: tf.matMul(w1!, w2!), w2: w2! } }),
};

async function prepared(name: EngineName): Promise<Engine> {
  const { engine } = unwrap(await createEngine(name));
  await engine.setConstants({
    scale: {
      spec: { shape: [WIDTH], dtype: 'float32' },
      source: { kind: 'data', data: Float32Array.from({ length: WIDTH }, (_, i) => 1 + i / 10) },
    },
  });
  for (const weight of NAMES) {
    const shape = SHAPES[weight];
    const size = shape.reduce((a, b) => a * b, 1);
    const data = Float32Array.from({ length: size }, (_, i) => Math.sin(i * 1.3 + weight.length) * 0.5);
    const spec = { shape, dtype: 'float32' } as const;
    await engine.setState({
      [weight]: { spec, data },
      [`${weight}.m`]: { spec, data: new Float32Array(size) },
      [`${weight}.v`]: { spec, data: new Float32Array(size) },
    });
  }
  return engine;
}

const inputs = (step: number): NamedData => ({
  tokens: Int32Array.from({ length: ROWS }, (_, i) => (i * 7 + step) % TOKENS),
  target: Int32Array.from({ length: ROWS }, (_, i) => (i * 3 + step) % CLASSES),
  rate: Float32Array.of(0.01),
  step: Float32Array.of(step),
});

async function losses(engine: Engine, steps: number): Promise<number[]> {
  const program = await engine.compile(train);
  const values: number[] = [];
  for (let step = 1; step <= steps; step += 1) values.push((await program.run(inputs(step))).loss![0]!);
  await program.dispose();
  return values;
}

const engines: Engine[] = [];
afterAll(async () => {
  for (const engine of engines) await engine.dispose();
});
async function make(name: EngineName): Promise<Engine> {
  const engine = await prepared(name);
  engines.push(engine);
  return engine;
}

describe('a training step', () => {
  it('gives the same losses and weights compiled and eager over 20 steps', async () => {
    const compiled = await make('onnx-cpu');
    const expected = await losses(compiled, 20);
    expect(expected[19]!).toBeLessThan(expected[0]!);
    const weights = await compiled.getState(state);
    for (const name of ['tfjs-cpu', 'tfjs-wasm'] as const) {
      const eager = await make(name);
      const got = await losses(eager, 20);
      for (const [index, loss] of got.entries()) {
        expect(Math.abs(loss - expected[index]!)).toBeLessThan(1e-5 * Math.abs(expected[index]!) + 1e-7);
      }
      const eagerWeights = await eager.getState(state);
      for (const weight of state) {
        for (const [index, value] of eagerWeights[weight]!.entries()) {
          expect(value).toBeCloseTo(weights[weight]![index]!, 4);
        }
      }
    }
  });

  it('gives the same losses on a WebGPU adapter where there is one', async ({ skip }) => {
    const found = await createEngine('onnx-webgpu');
    if (!found.ok) return skip(found.failure.message);
    const expected = await losses(await make('onnx-cpu'), 5);
    const engine = await make('onnx-webgpu');
    const before = await engine.getState(['w1']);
    for (const [index, loss] of (await losses(engine, 5)).entries()) {
      expect(Math.abs(loss / expected[index]! - 1)).toBeLessThan(1e-3);
    }
    // State stays on the adapter between runs, and other programs and readers see it there.
    const after = await engine.getState(['w1', 'w2']);
    expect(after.w1).not.toEqual(before.w1);
    const reader = await engine.compile(look);
    expect((await reader.run({})).w2).toEqual(after.w2);
    await engine.setState({ w1: { spec: { shape: SHAPES.w1, dtype: 'float32' }, data: before.w1! } });
    expect(await engine.getState(['w1'])).toEqual(before);
  });

  it('is bit-identical when repeated on the compiled engine for 200 steps', async () => {
    const results = [];
    for (let repeat = 0; repeat < 2; repeat += 1) {
      const engine = await make('onnx-cpu');
      await losses(engine, 200);
      results.push(await engine.getState(state));
    }
    expect(results[0]).toEqual(results[1]);
  });

  it.each(['onnx-cpu', 'tfjs-cpu'] as const)('shares state between programs on %s', async (name) => {
    const engine = await make(name);
    const before = await engine.getState(['w2']);
    const reader = await engine.compile(look);
    const step = await engine.compile(train);
    for (let run = 1; run <= 3; run += 1) {
      await step.run(inputs(run));
      const current = await engine.getState(['w2']);
      expect((await reader.run({})).w2).toEqual(current.w2);
      expect(current.w2).not.toEqual(before.w2);
    }
    const kept = await engine.getState(['w2']);
    await engine.setState({ w2: { spec: { shape: SHAPES.w2, dtype: 'float32' }, data: before.w2! } });
    expect(await engine.getState(['w2'])).toEqual(before);
    expect(kept).not.toEqual(before);
  });

  it('keeps its state when a run fails', async () => {
    const engine = await make('onnx-cpu');
    const program = await engine.compile(train);
    await program.run(inputs(1));
    const before = await engine.getState(state);
    const outside = { ...inputs(2), tokens: new Int32Array(ROWS).fill(TOKENS) };
    await expect(program.run(outside)).rejects.toMatchObject({ failure: { code: 'compute.run-failed' } });
    expect(await engine.getState(state)).toEqual(before);
    await program.run(inputs(2));
    expect(await engine.getState(state)).not.toEqual(before);
  });

  it('frees every tensor of an eager step', async () => {
    const engine = await make('tfjs-cpu');
    const program = await engine.compile(train);
    await program.run(inputs(1));
    const held = tf.memory().numTensors;
    for (let step = 2; step < 6; step += 1) await program.run(inputs(step));
    expect(tf.memory().numTensors).toBe(held);
  });

  it('leaves no tensors behind when it is recorded', async () => {
    const engine = await make('onnx-cpu');
    const held = tf.memory().numTensors;
    await engine.compile(train);
    expect(tf.memory().numTensors).toBe(held);
  });
});
