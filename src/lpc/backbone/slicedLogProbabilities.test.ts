import { beforeAll, describe, expect, it } from 'vitest';
import { liveBytes } from '#compute/memory/arena.ts';
import { bufferEvents } from '#compute/memory/buffers.ts';
import type { NamedSpecs, Tensor } from '#compute/program.ts';
import { evaluate } from '#compute/record/float64/evaluate.ts';
import type { Graph } from '#compute/record/graph.ts';
import { recordProgram } from '#compute/record/recorder.ts';
import { prepareTfjs, tf } from '#compute/tf.ts';
import { normals, randomSource } from '#core/random.ts';
import {
  type LogProbabilityOptions,
  shiftedTargetLogProbabilities,
  targetLogProbabilities,
} from './logProbabilities.ts';
import { vocabularySlices } from './slicedLogProbabilities.ts';
import { largestDifference, runOnce } from './testModel.ts';

const [ROWS, WIDTH, VOCABULARY] = [5, 6, 300];
/** Five slices of 64 tokens, the last of 44. */
const SLICED = { logitBytes: 4 * 64 * (ROWS + WIDTH) };
/** The first and the last token of slices among them, and one twice. */
const TARGETS = Int32Array.of(0, 63, 64, 299, 63);

const data = (size: number, counter: number): Float32Array<ArrayBuffer> =>
  normals({ seed: 5, stream: 'sliced', counter }, size);
const constants = {
  hidden: { shape: [ROWS, WIDTH], data: data(ROWS * WIDTH, 0) },
  weight: { shape: [VOCABULARY, WIDTH], data: data(VOCABULARY * WIDTH, 1) },
  upstream: { shape: [ROWS], data: data(ROWS, 2) },
};

/** Value, then the gradients of Σ upstream·value. */
function withGradients(
  [hidden, weight, upstream, targets]: readonly Tensor[],
  options: LogProbabilityOptions,
): Record<string, Tensor> {
  const f = (h: Tensor, w: Tensor): Tensor => targetLogProbabilities(h, w, targets!, options);
  const trained = options.weightTrained === false ? [hidden!] : [hidden!, weight!];
  const gradients = tf.grads((h: Tensor, w: Tensor = weight!) => tf.sum(tf.mul(f(h, w), upstream!)))(trained);
  return {
    value: f(hidden!, weight!),
    ...Object.fromEntries(gradients.map((gradient, index) => [`gradient${index}`, gradient])),
  };
}

const run = (engine: 'onnx-cpu' | 'tfjs-cpu', options: LogProbabilityOptions) =>
  runOnce(
    engine,
    { targets: TARGETS },
    Object.fromEntries(
      Object.entries(constants).map(([name, { shape, data: values }]) => [
        name,
        { spec: { shape, dtype: 'float32' as const }, source: { kind: 'data' as const, data: values } },
      ]),
    ),
    ({ targets }, { hidden, weight, upstream }) =>
      withGradients([hidden!, weight!, upstream!, targets!], options),
  );

function graphOf(rows: number, width: number, vocabulary: number, options: LogProbabilityOptions): Graph {
  const inputs: NamedSpecs = {
    hidden: { shape: [rows, width], dtype: 'float32' },
    weight: { shape: [vocabulary, width], dtype: 'float32' },
    upstream: { shape: [rows], dtype: 'float32' },
    targets: { shape: [rows], dtype: 'int32' },
  };
  const program = {
    name: 'sliced',
    inputs,
    state: [],
    constants: [],
    build: ({ inputs: { hidden, weight, upstream, targets } }: { inputs: Record<string, Tensor> }) => ({
      outputs: withGradients([hidden!, weight!, upstream!, targets!], options),
    }),
  };
  return recordProgram(program as never, { state: {}, constants: {} });
}

const sizes = (graph: Graph): number[] =>
  graph.nodes.flatMap((node) => node.outputs.map(({ shape }) => shape.reduce((a, b) => a * b, 1)));

/** Most bytes alive at once in a run, in the order in which ONNX Runtime takes the nodes. */
const peakOf = (graph: Graph): number => liveBytes(bufferEvents(graph));

beforeAll(async () => {
  prepareTfjs();
  await tf.setBackend('cpu');
});

describe('log-probabilities over slices of the vocabulary', () => {
  it('covers the vocabulary once, in even slices of the size asked for', () => {
    const slices = vocabularySlices(512, 896, 151_936, 128 * 2 ** 20);
    expect(slices).toHaveLength(7);
    expect(slices.reduce((next, { first, size }) => (first === next ? next + size : -1), 0)).toBe(151_936);
    expect(Math.max(...slices.map(({ size }) => 4 * size * (512 + 896)))).toBeLessThanOrEqual(128 * 2 ** 20);
    // However little memory there is, a slice makes progress.
    expect(vocabularySlices(5, 6, 300, 0).map(({ size }) => size)).toEqual([64, 64, 64, 64, 44]);
  });

  it.each([
    ['onnx-cpu', true],
    ['onnx-cpu', false],
    ['tfjs-cpu', true],
    ['tfjs-cpu', false],
  ] as const)('equals the whole form on %s, weights trained: %s', async (engine, weightTrained) => {
    const sliced = await run(engine, { ...SLICED, weightTrained });
    const whole = await run(engine, { weightTrained });
    expect(Object.keys(sliced)).toHaveLength(weightTrained ? 3 : 2);
    for (const [name, values] of Object.entries(whole)) {
      expect(largestDifference(sliced[name]!, values), name).toBeLessThan(5e-6);
    }
  });

  it('has the gradient of central differences in float64', () => {
    const graph = graphOf(ROWS, WIDTH, VOCABULARY, SLICED);
    const inputs = {
      hidden: Float64Array.from(constants.hidden.data),
      weight: Float64Array.from(constants.weight.data),
      upstream: Float64Array.from(constants.upstream.data),
      targets: Float64Array.from(TARGETS),
    };
    const loss = (): number =>
      evaluate(graph, inputs).value!.data.reduce((sum, logp, row) => sum + logp * inputs.upstream[row]!, 0);
    const { gradient0, gradient1 } = evaluate(graph, inputs);
    const random = randomSource({ seed: 1, stream: 'elements', counter: 0 });
    for (const [values, gradient] of [
      [inputs.hidden, gradient0],
      [inputs.weight, gradient1],
    ] as const) {
      for (let draw = 0; draw < 12; draw++) {
        const at = Math.floor(random.uniform() * values.length);
        const value = values[at]!;
        values[at] = value + 1e-5;
        const above = loss();
        values[at] = value - 1e-5;
        const below = loss();
        values[at] = value;
        expect(gradient!.data[at]!).toBeCloseTo((above - below) / 2e-5, 6);
      }
    }
  });

  it('makes no array larger than a slice or the gradients, and shares one array among equal slices', () => {
    const [rows, width, vocabulary] = [512, 64, 32_768];
    const logitBytes = 16 * 2 ** 20;
    const frozen = graphOf(rows, width, vocabulary, { weightTrained: false, logitBytes });
    expect(Math.max(...sizes(frozen)) * 4).toBeLessThanOrEqual(logitBytes);
    // ONNX Runtime holds the array of the equal slices beside that of the last, which is smaller; there are five.
    expect(peakOf(frozen)).toBeLessThan(2 * logitBytes);
    const trained = graphOf(rows, width, vocabulary, { logitBytes });
    expect(Math.max(...sizes(trained)) * 4).toBeLessThanOrEqual(logitBytes);
    const weights = 4 * vocabulary * width;
    expect(peakOf(trained)).toBeLessThan(2 * logitBytes + 2 * weights);
  });

  it('holds one array of (rows, vocabulary) where it makes it whole', () => {
    const [rows, width, vocabulary] = [512, 64, 32_768];
    const logits = 4 * rows * vocabulary;
    const graph = graphOf(rows, width, vocabulary, {});
    expect(peakOf(graph)).toBeGreaterThan(logits);
    expect(peakOf(graph)).toBeLessThan(1.5 * logits);
  });

  it('reads weights at rest once, and keeps no logits for the gradient', () => {
    const [rows, width, vocabulary] = [512, 64, 32_768];
    const graph = graphOf(rows, width, vocabulary, { weightTrained: false });
    expect(Math.max(...sizes(graph))).toBe((rows * vocabulary) / 2);
    // Logits of a slice, its weights, and little else.
    expect(peakOf(graph)).toBeLessThan(2 * vocabulary * (rows + 2 * width));
    const isOfSlice = (shape: readonly number[]) => shape[1] === vocabulary / 2;
    const products = graph.nodes.filter(({ op, outputs }) => op === 'Gemm' && isOfSlice(outputs[0]!.shape));
    expect(products).toHaveLength(2);
  });

  it('makes the logits of resting states once, up to a row of 1,024 of a vocabulary of 49,152', () => {
    const [rows, width, vocabulary] = [1024, 4, 49_152];
    const specs: NamedSpecs = {
      states: { shape: [rows, width], dtype: 'float32' },
      shift: { shape: [2, width], dtype: 'float32' },
      membership: { shape: [2, rows], dtype: 'float32' },
      weight: { shape: [vocabulary, width], dtype: 'float32' },
      targets: { shape: [rows], dtype: 'int32' },
    };
    const program = {
      name: 'shifted',
      inputs: specs,
      state: [],
      constants: [],
      build: ({ inputs }: { inputs: Record<string, Tensor> }) => {
        const { states, shift, membership, weight, targets } = inputs as Record<string, Tensor>;
        const total = (z: Tensor): Tensor =>
          tf.sum(
            shiftedTargetLogProbabilities(
              { states: states!, shift: z, membership: membership! },
              weight!,
              targets!,
            ),
          );
        return { outputs: { gradient: tf.grad(total as never)(shift as never) } };
      },
    };
    const graph = recordProgram(program as never, { state: {}, constants: {} });
    const isOfLogits = (shape: readonly number[]) => shape[0] === rows && (shape[1] ?? 0) > width;
    const products = graph.nodes.filter(({ op, outputs }) => op === 'Gemm' && isOfLogits(outputs[0]!.shape));
    expect(products).toHaveLength(1);
  });

  it('cuts a vocabulary evenly where it can', () => {
    const sizes = vocabularySlices(512, 576, 49_152, 48 * 2 ** 20).map(({ size }) => size);
    expect(sizes).toEqual(Array(6).fill(8192));
  });

  it('keeps the slices of both passes apart', () => {
    const products = graphOf(ROWS, WIDTH, VOCABULARY, SLICED).nodes.filter(
      ({ op, outputs }) => op === 'Gemm' && outputs[0]!.shape[1] === 64,
    );
    // Four whole slices: logits forward, logits again, and the weights' gradient has the shape (64, width).
    expect(products).toHaveLength(8);
  });
});
