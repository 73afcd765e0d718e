/** Runs one function on two engines and compares: what the kernel tests share. */
import { unwrap } from '#core/result.ts';
import { createEngine, type Engine, type NamedData, type Program, type TensorSpec, tf } from '../index.ts';

export type Build = (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
export interface Case {
  readonly shapes: readonly (readonly number[])[];
  readonly build: Build;
  /** Range of the random inputs; [−2, 2] by default. A case with `integers` gets int32 inputs in this range. */
  readonly range?: readonly [number, number];
  readonly integers?: boolean;
}

/** A case of one input. */
export const one = (
  build: Build,
  shape: readonly number[] = [3, 5],
  range?: readonly [number, number],
): Case => (range === undefined ? { shapes: [shape], build } : { shapes: [shape], build, range });

/** Deterministic numbers in [0, 1): a 32-bit linear congruential generator. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const engines = new Map<string, Promise<Engine>>();
function engine(name: 'onnx-cpu' | 'tfjs-cpu'): Promise<Engine> {
  const made = engines.get(name) ?? createEngine(name).then((result) => unwrap(result).engine);
  engines.set(name, made);
  return made;
}

export function programOf(name: string, specs: readonly TensorSpec[], build: Build): Program {
  return {
    name,
    inputs: Object.fromEntries(specs.map((spec, index) => [`x${index}`, spec])),
    state: [],
    constants: [],
    build: ({ inputs }) => {
      const made = build(...specs.map((_, index) => inputs[`x${index}`]!));
      const list = Array.isArray(made) ? made : [made];
      return { outputs: Object.fromEntries(list.map((tensor, index) => [`y${index}`, tensor])) };
    },
  };
}

async function runOn(
  name: 'onnx-cpu' | 'tfjs-cpu',
  title: string,
  specs: readonly TensorSpec[],
  data: NamedData,
  build: Build,
): Promise<NamedData> {
  const compiled = await (await engine(name)).compile(programOf(title, specs, build));
  const outputs = await compiled.run(data);
  await compiled.dispose();
  return outputs;
}

/** Largest |a − b| / (1 + |b|) over all outputs of the two engines; different lengths throw. */
export async function gap(title: string, one: Case, build: Build = one.build): Promise<number> {
  const next = randomNumbers(title.length * 7919 + one.shapes.length);
  const [low, high] = one.range ?? [-2, 2];
  const specs = one.shapes.map((shape): TensorSpec => ({ shape, dtype: one.integers ? 'int32' : 'float32' }));
  const data = Object.fromEntries(
    specs.map(({ shape }, index) => {
      const length = tf.util.sizeFromShape([...shape]);
      const draw = () => low + next() * (high - low);
      return [
        `x${index}`,
        one.integers
          ? Int32Array.from({ length }, () => Math.floor(draw()))
          : Float32Array.from({ length }, draw),
      ];
    }),
  );
  const compiled = await runOn('onnx-cpu', title, specs, data, build);
  const eager = await runOn('tfjs-cpu', title, specs, data, build);
  let largest = 0;
  for (const [name, expected] of Object.entries(eager)) {
    const got = compiled[name]!;
    if (got.length !== expected.length)
      throw new Error(`${title}: ${got.length} values, not ${expected.length}`);
    for (const [index, value] of expected.entries()) {
      const other = got[index]!;
      if (Object.is(value, other)) continue;
      const difference = Math.abs(other - value) / (1 + Math.abs(value));
      largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
    }
  }
  return largest;
}

/** Σ y·w over all float outputs y, for fixed weights w: a loss whose gradient reaches every output. */
export function weightedSum(build: Build): (...inputs: tf.Tensor[]) => tf.Scalar {
  return (...inputs) => {
    const made = build(...inputs);
    const terms = (Array.isArray(made) ? made : [made])
      .filter((tensor) => tensor.dtype === 'float32')
      .map((tensor) => {
        const weights = Float32Array.from({ length: tensor.size }, (_, i) => Math.cos(i * 1.7) + 0.3);
        return tf.sum(tf.mul(tensor, tf.tensor(weights, tensor.shape))) as tf.Scalar;
      });
    return tf.addN(terms) as tf.Scalar;
  };
}

/** The gradients of `weightedSum` by every input. */
export const gradientOf =
  (build: Build): Build =>
  (...inputs) =>
    tf.grads(weightedSum(build))(inputs);
