/** Root-mean-square norm as one operation: a compiled program has a node for it. */
import type { Tensor } from './program.ts';
import { BACKEND_NAME } from './record/backend.ts';
import { tf } from './tf.ts';

/** The recording kernel: inputs `x` and `scale`, attribute `eps`; gives the normed values and the rate. */
export const RMS_NORM = 'FacetRmsNorm';

/** x·rate·scale and rate = 1/√(mean(x²) + eps), (…, 1), over the last axis. */
function normed(x: Tensor, scale: Tensor, eps: number): [Tensor, Tensor] {
  if (tf.getBackend() === BACKEND_NAME) {
    return tf.engine().runKernel(RMS_NORM, { x, scale }, { eps }) as [Tensor, Tensor];
  }
  const rate = tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), eps));
  return [tf.mul(tf.mul(x, rate), scale), rate];
}

/**
 * y = x·r·scale with r = 1/√(mean(x²) + eps) over the last axis, which is as long as scale (n). With e = dy·scale:
 * dx = r·(e − x·r²·mean(e·x)), d scale = Σ dy·x·r over all other axes.
 */
export function rmsNorm(x: Tensor, scale: Tensor, eps: number): Tensor {
  return tf.customGrad((input, scaleInput, save) => {
    const [value, rate] = normed(input as Tensor, scaleInput as Tensor, eps);
    (save as unknown as (tensors: Tensor[]) => void)([input as Tensor, scaleInput as Tensor, rate]);
    return {
      value,
      gradFunc: (dy, saved) => {
        const [x_, s, r] = saved as [Tensor, Tensor, Tensor];
        const e = tf.mul(dy, s);
        const pull = tf.mul(tf.mean(tf.mul(e, x_), -1, true), tf.square(r));
        const rows = [r.size, s.size] as const;
        const products = tf.reshape(tf.mul(dy, x_), [...rows]);
        const scaleGradient = tf.matMul(tf.reshape(r, [rows[0], 1]), products, true, false);
        return [tf.mul(r, tf.sub(e, tf.mul(x_, pull))), tf.reshape(scaleGradient, s.shape)];
      },
    };
  })(x, scale);
}
