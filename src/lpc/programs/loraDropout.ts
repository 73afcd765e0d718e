/**
 * Dropout on the adapters' inputs, as PEFT has it (inverted: what is kept is scaled by 1/(1 − p)). Its noise comes in as
 * inputs, and a full mask for every adapter would be as large as the activations, so a mask is made of two short
 * vectors: entry (t, i) is kept where frac(a_t + b_i) ≥ p, a and b uniform in [0, 1). Any two entries of a mask are
 * independent of each other; a and b are drawn anew for every adapter, row and step.
 */
import type { NamedData, NamedSpecs, Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { uniforms } from '#core/random.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { BackboneConfig } from '../backbone/config.ts';
import { loraTargets } from '../backbone/lora.ts';
import type { Adapter } from '../backbone/trained.ts';
import type { RowShape } from '../packing/shape.ts';

export interface DropoutNoise {
  /** (M, T) and (M, widest input), one row an adapter; absent where nothing is dropped. */
  readonly dropoutTokens?: Tensor;
  readonly dropoutFeatures?: Tensor;
}

interface DropoutRun {
  readonly config: RunConfig;
  readonly backbone: BackboneConfig;
  readonly shape: RowShape;
}

function sizes({ config, backbone, shape }: DropoutRun) {
  const modules = loraTargets(backbone, config.loraTargets);
  const width = modules.reduce((most, { inSize }) => Math.max(most, inSize), 1);
  return { modules, tokens: shape.tokens, width };
}

export function dropoutInputs(run: DropoutRun): NamedSpecs {
  const { modules, tokens, width } = sizes(run);
  return {
    dropoutTokens: { shape: [modules.length, tokens], dtype: 'float32' },
    dropoutFeatures: { shape: [modules.length, width], dtype: 'float32' },
  };
}

/** The noise of one row of a step; `counter` numbers rows over the whole run. */
export function dropoutNoise(run: DropoutRun, counter: number): NamedData {
  const { modules, tokens, width } = sizes(run);
  const draw = (stream: string, count: number) =>
    uniforms({ seed: run.config.seed, stream, counter }, modules.length * count);
  return {
    dropoutTokens: draw('lora-dropout-tokens', tokens),
    dropoutFeatures: draw('lora-dropout-features', width),
  };
}

/** x·mask/(1 − p): x (T, in), a (T), b (in). */
export function dropped(x: Tensor, a: Tensor, b: Tensor, share: number): Tensor {
  const sum = tf.add(tf.expandDims(a, 1), tf.expandDims(b, 0));
  const fraction = tf.sub(sum, tf.cast(tf.greaterEqual(sum, 1), 'float32'));
  const kept = tf.mul(tf.cast(tf.greaterEqual(fraction, share), 'float32'), 1 / (1 - share));
  return tf.mul(x, kept);
}

/** The adapter's `dropped`, where the row carries noise: in training alone. */
export function dropoutOf(run: DropoutRun, noise: DropoutNoise): Pick<Adapter, 'dropped'> {
  const { dropoutTokens, dropoutFeatures } = noise;
  if (!dropoutTokens || !dropoutFeatures) return {};
  const { modules, tokens } = sizes(run);
  const places = new Map(modules.map(({ target, inSize }, place) => [target, { place, inSize }]));
  const rowOf = (all: Tensor, place: number, count: number): Tensor =>
    tf.reshape(tf.slice(all as import('@tensorflow/tfjs').Tensor2D, [place, 0], [1, count]), [count]);
  return {
    dropped(target, x) {
      const found = places.get(target);
      if (!found) return x;
      const a = rowOf(dropoutTokens, found.place, tokens);
      const b = rowOf(dropoutFeatures, found.place, found.inSize);
      return dropped(x, a, b, run.config.loraDropout);
    },
  };
}
