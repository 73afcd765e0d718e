/** The continuous control: a diagonal Gaussian latent of d dimensions in the place of the codebook. */
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';

/** Log-variances are held in this range, so that no exponential overflows. */
const LOG_VARIANCE_RANGE = [-12, 4] as const;

export interface Gaussian {
  /** (P, d) */
  readonly mean: Tensor;
  /** (P, d) */
  readonly logVariance: Tensor;
}

/** A network's output (P, 2d): mean first, log-variance after it. */
export function gaussianOf(output: Tensor): Gaussian {
  const [pairs, width] = output.shape as [number, number];
  const d = width / 2;
  const part = (from: number): Tensor =>
    tf.slice(output as import('@tensorflow/tfjs').Tensor2D, [0, from], [pairs, d]);
  return { mean: part(0), logVariance: tf.clipByValue(part(d), ...LOG_VARIANCE_RANGE) };
}

/** z = μ + σ·ε, ε standard normal (P, d) (Kingma & Welling 2014, eq. 4). */
export const reparameterise = ({ mean, logVariance }: Gaussian, noise: Tensor): Tensor =>
  tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise));

/**
 * KL(q‖p) = ½ Σ_i [σ²_q/σ²_p + (μ_q − μ_p)²/σ²_p − 1 − ln σ²_q/σ²_p], nats: (P, d) → (P).
 * Equal distributions give 0 to the bit.
 */
export function gaussianKl(q: Gaussian, p: Gaussian): Tensor {
  const logRatio = tf.sub(q.logVariance, p.logVariance);
  const distance = tf.mul(tf.square(tf.sub(q.mean, p.mean)), tf.exp(tf.neg(p.logVariance)));
  const terms = tf.sub(tf.add(tf.sub(tf.exp(logRatio), 1), distance), logRatio);
  return tf.mul(tf.sum(terms, -1), 0.5);
}
