/** Tensor operations of the backbone whose gradients are written by hand: fewer and cheaper nodes than the tape's. */
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';

/** gelu(g) = g·(1 + tanh u)/2 = g·σ(2u), u = √(2/π)·(g + 0.044715·g³). */
export const GELU = {
  linear: 2 * Math.sqrt(2 / Math.PI),
  cubic: 2 * Math.sqrt(2 / Math.PI) * 0.044715,
} as const;

/** x (…, in) times the transpose of weight (out, in): (…, out). x is 2-D. */
export const linear = (x: Tensor, weight: Tensor): Tensor => tf.matMul(x, weight, false, true);

/**
 * silu(gate) · up, elementwise. With s = σ(gate), a = gate·s:
 * d up = dy·a, d gate = dy·up·(s + a·(1 − s)).
 */
export function gatedSilu(gate: Tensor, up: Tensor): Tensor {
  return tf.customGrad((gateInput, upInput, save) => {
    const g = gateInput as Tensor;
    const u = upInput as Tensor;
    const sigmoid = tf.sigmoid(g);
    const activated = tf.mul(g, sigmoid);
    (save as unknown as (tensors: Tensor[]) => void)([sigmoid, activated, u]);
    return {
      value: tf.mul(activated, u),
      gradFunc: (dy, saved) => {
        const [s, a, up_] = saved as [Tensor, Tensor, Tensor];
        const slope = tf.add(s, tf.sub(a, tf.mul(a, s)));
        return [tf.mul(tf.mul(dy, up_), slope), tf.mul(dy, a)];
      },
    };
  })(gate, up);
}

/**
 * gelu(gate) · up, elementwise, gelu by tanh. With s = σ(v), v = αg + βg³ and a = g·s:
 * d up = dy·a, d gate = dy·up·(s + a·(1 − s)·(α + 3βg²)).
 */
export function gatedGelu(gate: Tensor, up: Tensor): Tensor {
  return tf.customGrad((gateInput, upInput, save) => {
    const g = gateInput as Tensor;
    const u = upInput as Tensor;
    const sigmoid = tf.sigmoid(tf.mul(g, tf.add(tf.mul(tf.square(g), GELU.cubic), GELU.linear)));
    const activated = tf.mul(g, sigmoid);
    (save as unknown as (tensors: Tensor[]) => void)([g, sigmoid, activated, u]);
    return {
      value: tf.mul(activated, u),
      gradFunc: (dy, saved) => {
        const [g_, s, a, up_] = saved as [Tensor, Tensor, Tensor, Tensor];
        const inner = tf.add(tf.mul(tf.square(g_), 3 * GELU.cubic), GELU.linear);
        const slope = tf.add(s, tf.mul(tf.sub(a, tf.mul(a, s)), inner));
        return [tf.mul(tf.mul(dy, up_), slope), tf.mul(dy, a)];
      },
    };
  })(gate, up);
}

export interface RotaryTables {
  /** (T, 1, headSize), both halves alike. */
  readonly cos: Tensor;
  /** (T, 1, headSize): −sin in the first half, sin in the second. */
  readonly signedSin: Tensor;
}

/** cos and sin of positions (T, int32) times the inverse frequencies (headSize / 2), each times `scale`. */
export function rotaryTables(positions: Tensor, frequencies: readonly number[], scale = 1): RotaryTables {
  const tokens = positions.shape[0] as number;
  const half = frequencies.length;
  const angles = tf.mul(
    tf.reshape(tf.cast(positions, 'float32'), [tokens, 1, 1]),
    tf.tensor(frequencies as number[], [1, 1, half], 'float32'),
  );
  const scaled = (x: Tensor): Tensor => (scale === 1 ? x : tf.mul(x, scale));
  const cos = scaled(tf.cos(angles));
  const sin = scaled(tf.sin(angles));
  return { cos: tf.concat([cos, cos], 2), signedSin: tf.concat([tf.neg(sin), sin], 2) };
}

/** [x₁ | x₂] → [x₂ | x₁] over the last of three axes. */
function swapHalves(x: Tensor): Tensor {
  const [tokens, heads, size] = x.shape as [number, number, number];
  const half = size / 2;
  return tf.concat(
    [tf.slice(x, [0, 0, half], [tokens, heads, half]), tf.slice(x, [0, 0, 0], [tokens, heads, half])],
    2,
  );
}

/**
 * Rotary positions, half-split convention: y = x·cos + swap(x)·signedSin, x (T, heads, headSize).
 * The rotation's transpose is the rotation back: dx = dy·cos − swap(dy)·signedSin.
 */
export function rotate(x: Tensor, tables: RotaryTables): Tensor {
  return tf.customGrad((input, save) => {
    const { cos, signedSin } = tables;
    // Tables are made inside the differentiated function: unless saved, they are gone before the gradient is taken.
    (save as (tensors: Tensor[]) => void)([cos, signedSin]);
    return {
      value: tf.add(tf.mul(input as Tensor, cos), tf.mul(swapHalves(input as Tensor), signedSin)),
      gradFunc: (dy, saved) => {
        const [c, s] = saved as [Tensor, Tensor];
        return tf.sub(tf.mul(dy, c), tf.mul(swapHalves(dy), s));
      },
    };
  })(x);
}
