/**
 * Preference objectives over response log-probabilities. Pure; P pairs; chosen is column 0, rejected column 1. Where replies have labels of
 * their own, desirable ones are chosen, undesirable ones rejected, and the other column is empty.
 */
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';
import { nllWeightOf } from '#core/methods.ts';
import { unreachable } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';

export type ObjectiveSettings = Pick<
  RunConfig,
  | 'objective'
  | 'beta'
  | 'labelSmoothing'
  | 'gammaBetaRatio'
  | 'ipoAverage'
  | 'nllWeight'
  | 'desirableWeight'
  | 'undesirableWeight'
>;

export interface ResponseScores {
  /** Σ_t log π(y_t | …) of the policy, nats, (P, 2); under LD-DPO with its weights on the tokens. */
  readonly logps: Tensor;
  /** The same of the reference, (P, 2); what reads no reference ignores it. */
  readonly reference: Tensor;
  /** Response tokens, the end-of-turn token included, (P, 2); 0 in unused slots. */
  readonly lengths: Tensor;
  /** z_0 of KTO, nats, []: how far the policy has moved from the reference; null counts as 0. */
  readonly referencePoint?: Tensor | null;
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

/**
 * Robust DPO: ((1−ε)·−log σ(βΔ) − ε·−log σ(−βΔ)) / (1−2ε), unbiased where a share ε < 1/2 of the labels is flipped (Chowdhury et al.
 * 2024, eq. 12). `margin` is βΔ, (P).
 */
function robustLoss(margin: Tensor, labelSmoothing: number): Tensor {
  const asLabelled = tf.mul(tf.softplus(tf.neg(margin)), 1 - labelSmoothing);
  const flipped = tf.mul(tf.softplus(margin), labelSmoothing);
  return tf.div(tf.sub(asLabelled, flipped), 1 - 2 * labelSmoothing);
}

/** A mean log-probability as near to 0 as float32 tells 1 − exp of it apart from 0. */
const SUREST = -1e-6;

/** log(p / (1 − p)) of p = exp(mean), (P, 2) → (P, 2). */
function logOdds(means: Tensor): Tensor {
  const below = tf.minimum(means, SUREST);
  return tf.sub(below, tf.log(tf.neg(tf.expm1(below))));
}

/** ORPO's odds-ratio term: −β log σ(log odds(y_w) − log odds(y_l)) (Hong et al. 2024, eqs. 4 and 7). `means` (P, 2) per token. */
const oddsRatioLoss = (means: Tensor, beta: number): Tensor =>
  tf.mul(tf.softplus(tf.neg(chosenMinusRejected(logOdds(means)))), beta);

/** IPO: (Δ' − 1/(2β))² (Azar et al. 2023, eq. 17). `difference` is Δ', (P), of means or sums. */
const ipoLoss = (difference: Tensor, beta: number): Tensor => tf.square(tf.sub(difference, 1 / (2 * beta)));

/** SimPO: −log σ(margin − γ), margin = β·logπ(y_w)/|y_w| − β·logπ(y_l)/|y_l| (Meng et al. 2024, eq. 6). */
const simpoLoss = (margin: Tensor, gamma: number): Tensor => tf.softplus(tf.neg(tf.sub(margin, gamma)));

/**
 * KTO (Ethayarajh et al. 2024, eq. 8) on every labelled reply: λ_D (1 − σ(β(r − z_0))) of a desirable one, λ_U (1 − σ(β(z_0 − r))) of an
 * undesirable one, r = logπ(y) − logπ_ref(y) and z_0 the estimate of KL(π‖π_ref), []. The loss of a pair is the sum of both. Where there is
 * one reply, z_0 stands in the other's place: it is right where it lies on its side of z_0.
 */
function ktoScores(settings: ObjectiveSettings, scores: ResponseScores, point: Tensor): PairScores {
  const { beta, desirableWeight, undesirableWeight } = settings;
  const isThere = tf.minimum(scores.lengths, 1); // (P, 2)
  const ratios = tf.sub(scores.logps, scores.reference);
  const signs = tf.tensor2d([[1, -1]]);
  const value = tf.sigmoid(tf.mul(tf.mul(tf.sub(ratios, point), signs), -beta));
  const weights = tf.mul(isThere, tf.tensor2d([[desirableWeight, undesirableWeight]]));
  const rewards = tf.mul(tf.add(tf.mul(ratios, isThere), tf.mul(point, tf.sub(1, isThere))), beta);
  return { rewards, margin: chosenMinusRejected(rewards), loss: tf.sum(tf.mul(value, weights), 1) };
}

/** What the objective's own formula says. */
function preferenceScores(settings: ObjectiveSettings, scores: ResponseScores): PairScores {
  const { beta, labelSmoothing } = settings;
  switch (settings.objective) {
    case 'dpo':
    // LD-DPO (Liu et al. 2024) is DPO on log-probabilities whose tokens beyond the shorter reply count α each.
    case 'ld-dpo': {
      const rewards = tf.mul(tf.sub(scores.logps, scores.reference), beta);
      const margin = chosenMinusRejected(rewards);
      return { rewards, margin, loss: dpoLoss(margin, labelSmoothing) };
    }
    case 'robust-dpo': {
      const rewards = tf.mul(tf.sub(scores.logps, scores.reference), beta);
      const margin = chosenMinusRejected(rewards);
      return { rewards, margin, loss: robustLoss(margin, labelSmoothing) };
    }
    case 'ln-dpo': {
      // DPO on means per token (Lambert et al. 2024, Tülu 3, section 5.1.2).
      const rewards = tf.mul(perToken(tf.sub(scores.logps, scores.reference), scores.lengths), beta);
      const margin = chosenMinusRejected(rewards);
      return { rewards, margin, loss: dpoLoss(margin, labelSmoothing) };
    }
    case 'cpo': {
      // −log σ(β [logπ(y_w) − logπ(y_l)]) (Xu et al. 2024, eq. 3); its NLL term comes from `nllWeight`.
      const rewards = tf.mul(scores.logps, beta);
      const margin = chosenMinusRejected(rewards);
      return { rewards, margin, loss: dpoLoss(margin, labelSmoothing) };
    }
    case 'orpo': {
      const means = perToken(scores.logps, scores.lengths);
      const rewards = tf.mul(means, beta);
      return { rewards, margin: chosenMinusRejected(rewards), loss: oddsRatioLoss(means, beta) };
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
    case 'kto':
      return ktoScores(settings, scores, scores.referencePoint ?? tf.scalar(0));
    default:
      return unreachable(settings.objective);
  }
}

/**
 * The configured objective on every pair, and where it is asked for the chosen reply's negative log-likelihood per token:
 * + w · −logπ(y_w)/|y_w|, w as `nllWeightOf` says (ORPO's and CPO's second term; RPO's, Pang et al. 2024, under DPO).
 */
export function scorePairs(settings: ObjectiveSettings, scores: ResponseScores): PairScores {
  const own = preferenceScores(settings, scores);
  const weight = nllWeightOf(settings);
  if (weight === 0) return own;
  const nll = tf.neg(column(perToken(scores.logps, scores.lengths), 0));
  return { ...own, loss: tf.add(own.loss, tf.mul(nll, weight)) };
}
