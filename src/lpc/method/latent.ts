/** The discrete latent: Gumbel-softmax mixtures of codes and the KL that teaches the prior. P pairs, K codes. */
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';

/** softmax((logits + noise)/τ), (P, K); noise is standard Gumbel, −log(−log u) (Jang et al. 2017, eq. 2). */
export const gumbelSoftmax = (logits: Tensor, noise: Tensor, temperature: Tensor | number): Tensor =>
  tf.softmax(tf.div(tf.add(logits, noise), temperature));

/** s = g·p̃ + (1 − g)·q̃, (P, K); g is a scalar tensor. At g = 1 the result is p̃ bit for bit. */
export const mixCodes = (prior: Tensor, posterior: Tensor, g: Tensor): Tensor =>
  tf.add(tf.mul(prior, g), tf.mul(posterior, tf.sub(1, g)));

/** z = s·E: (P, K), (K, d) → (P, d), a convex combination of codes. */
export const latentVector = (mixture: Tensor, codebook: Tensor): Tensor => tf.matMul(mixture, codebook);

/** KL(q‖p) = Σ_k q_k (log q_k − log p_k), nats, in closed form from the logits: (P, K) twice → (P). */
export function klDivergence(posterior: Tensor, prior: Tensor): Tensor {
  const logQ = tf.logSoftmax(posterior);
  return tf.sum(tf.mul(tf.exp(logQ), tf.sub(logQ, tf.logSoftmax(prior))), -1);
}

/** −Σ_k p_k log p_k over the last axis, nats; p from logits. */
function entropyFromLogits(logits: Tensor): Tensor {
  const logP = tf.logSoftmax(logits);
  return tf.neg(tf.sum(tf.mul(tf.exp(logP), logP), -1));
}

/**
 * H(mean_x p) − mean_x H(p), nats: the mutual information of prompt and code over the batch. Grows when prompts
 * are sure of different codes, so its bonus counters collapse to one code. `weights` (P) sums to 1.
 */
export function batchEntropy(logits: Tensor, weights: Tensor): Tensor {
  const mean = tf.sum(tf.mul(tf.softmax(logits), tf.expandDims(weights, 1)), 0);
  const ofMean = tf.neg(tf.sum(tf.mul(mean, tf.log(tf.add(mean, 1e-12)))));
  return tf.sub(ofMean, tf.sum(tf.mul(entropyFromLogits(logits), weights)));
}
