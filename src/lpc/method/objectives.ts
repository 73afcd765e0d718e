/** Preference objectives over response log-probabilities. Pure; P pairs; chosen is column 0, rejected column 1. */
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { unreachable } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';

export type ObjectiveSettings = Pick<
  RunConfig,
  'objective' | 'beta' | 'labelSmoothing' | 'gammaBetaRatio' | 'ipoAverage'
>;

export interface ResponseScores {
  /** Σ_t log π(y_t | …) of the policy, nats, (P, 2). */
  readonly logps: Tensor;
  /** The same of the reference, (P, 2); SimPO ignores it. */
  readonly reference: Tensor;
  /** Response tokens, the end-of-turn token included, (P, 2); 0 in unused slots. */
  readonly lengths: Tensor;
}

export interface PairScores {
  /** Loss of each pair, (P). */
  readonly loss: Tensor;
  /** Implicit rewards, (P, 2). */
  readonly rewards: Tensor;
  /** reward(chosen) − reward(rejected), (P); > 0 counts as right. */
  readonly margin: Tensor;
}

const column = (pairs: Tensor, index: 0 | 1): Tensor =>
  tf.reshape(tf.slice(pairs as import('@tensorflow/tfjs').Tensor2D, [0, index], [-1, 1]), [-1]);

/** a(chosen) − a(rejected), (P, 2) → (P). */
const chosenMinusRejected = (pairs: Tensor): Tensor => tf.sub(column(pairs, 0), column(pairs, 1));

/** Means per token where a slot is used; unused slots (length 0) stay 0. */
const perToken = (sums: Tensor, lengths: Tensor): Tensor => tf.div(sums, tf.maximum(lengths, 1));

/**
 * DPO: −log σ(βΔ) with Δ = [logπ(y_w) − logπ_ref(y_w)] − [logπ(y_l) − logπ_ref(y_l)] (Rafailov et al. 2023, eq. 7);
 * with label smoothing ε: −(1−ε) log σ(βΔ) − ε log σ(−βΔ) (cDPO). `margin` is βΔ, (P).
 */
function dpoLoss(margin: Tensor, labelSmoothing: number): Tensor {
  const asLabelled = tf.softplus(tf.neg(margin));
  if (labelSmoothing === 0) return asLabelled;
  return tf.add(tf.mul(asLabelled, 1 - labelSmoothing), tf.mul(tf.softplus(margin), labelSmoothing));
}

/** IPO: (Δ' − 1/(2β))² (Azar et al. 2023, eq. 17). `difference` is Δ', (P), of means or sums. */
const ipoLoss = (difference: Tensor, beta: number): Tensor => tf.square(tf.sub(difference, 1 / (2 * beta)));

/** SimPO: −log σ(margin − γ), margin = β·logπ(y_w)/|y_w| − β·logπ(y_l)/|y_l| (Meng et al. 2024, eq. 6). */
const simpoLoss = (margin: Tensor, gamma: number): Tensor => tf.softplus(tf.neg(tf.sub(margin, gamma)));

/** The configured objective on every pair. */
export function scorePairs(settings: ObjectiveSettings, scores: ResponseScores): PairScores {
  const { beta } = settings;
  switch (settings.objective) {
    case 'dpo': {
      const rewards = tf.mul(tf.sub(scores.logps, scores.reference), beta);
      const margin = chosenMinusRejected(rewards);
      return { rewards, margin, loss: dpoLoss(margin, settings.labelSmoothing) };
    }
    case 'ipo': {
      const ratios = tf.sub(scores.logps, scores.reference);
      const used = settings.ipoAverage === 'mean' ? perToken(ratios, scores.lengths) : ratios;
      const difference = chosenMinusRejected(used);
      return {
        rewards: tf.mul(used, beta),
        margin: tf.mul(difference, beta),
        loss: ipoLoss(difference, beta),
      };
    }
    case 'simpo': {
      const rewards = tf.mul(perToken(scores.logps, scores.lengths), beta);
      const margin = chosenMinusRejected(rewards);
      return { rewards, margin, loss: simpoLoss(margin, settings.gammaBetaRatio * beta) };
    }
    default:
      return unreachable(settings.objective);
  }
}
