/**
 * What a candidate minimises for one pair, as a function of p(k|x), of q(k|x, pair) where it has a network of its own, and of the
 * margins m_k under each of K codes; with its slopes in all three.
 */

export type Aim =
  /** −log Σ p σ(m): LPC’s bound at its best posterior, q ∝ p σ(m). */
  | { readonly kind: 'exact' }
  /** −Σ p log σ(m): no posterior. */
  | { readonly kind: 'expected' }
  /** −log σ(Σ p m): one margin of the mean code. */
  | { readonly kind: 'mean-code' }
  /** −log σ(Σ s m) + λ KL(q‖p), s = g p + (1 − g) q: the paper’s step. g rises from 0 to 1 where `g` is 'rise'. */
  | { readonly kind: 'mixture'; readonly klWeight: number; readonly g: number | 'rise' }
  /** −Σ q log σ(m) + KL(q‖p): the bound with a network for q. */
  | { readonly kind: 'bound' }
  /** −Σ q (log p + log σ(m)), q ∝ p σ(m) with every code used as much as another over the pairs (Sinkhorn), at rest. */
  | { readonly kind: 'balanced' };

export const hasPosteriorNetwork = ({ kind }: Aim): boolean => kind === 'mixture' || kind === 'bound';

export interface Slopes {
  /** d/dp, d/dq, d/dm; K each, filled by `aimOf`. */
  readonly p: Float64Array;
  readonly q: Float64Array;
  readonly m: Float64Array;
}

const TINY = 1e-12;
export const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : 1 - 1 / (1 + Math.exp(x)));
export const logSigmoid = (x: number): number => Math.min(0, x) - Math.log1p(Math.exp(-Math.abs(x)));
const log = (x: number): number => Math.log(Math.max(x, TINY));

/** g at this share of the fit. */
const priorShare = (g: number | 'rise', share: number): number => (g === 'rise' ? share : g);

/** Loss of a pair; `share` of the fit is done. `q` is the network’s, or under `balanced` the posterior at rest. */
export function aimOf(
  aim: Aim,
  p: Float64Array,
  q: Float64Array,
  m: Float64Array,
  share: number,
  slopes: Slopes,
): number {
  const K = p.length;
  const { p: dp, q: dq, m: dm } = slopes;
  const at = (of: Float64Array, k: number): number => of[k] as number;
  let loss = 0;
  switch (aim.kind) {
    case 'exact': {
      let total = 0;
      for (let k = 0; k < K; k++) total += at(p, k) * sigmoid(at(m, k));
      for (let k = 0; k < K; k++) {
        const right = sigmoid(at(m, k));
        dp[k] = -right / Math.max(total, TINY);
        dm[k] = (-at(p, k) * right * (1 - right)) / Math.max(total, TINY);
      }
      return -log(total);
    }
    case 'expected':
      for (let k = 0; k < K; k++) {
        const value = logSigmoid(at(m, k));
        loss -= at(p, k) * value;
        dp[k] = -value;
        dm[k] = -at(p, k) * sigmoid(-at(m, k));
      }
      return loss;
    case 'mean-code':
    case 'mixture': {
      const g = aim.kind === 'mixture' ? priorShare(aim.g, share) : 1;
      const klWeight = aim.kind === 'mixture' ? aim.klWeight : 0;
      let margin = 0;
      for (let k = 0; k < K; k++) margin += (g * at(p, k) + (1 - g) * at(q, k)) * at(m, k);
      const slope = -sigmoid(-margin);
      loss = -logSigmoid(margin);
      for (let k = 0; k < K; k++) {
        dm[k] = slope * (g * at(p, k) + (1 - g) * at(q, k));
        dp[k] = slope * g * at(m, k);
        dq[k] = slope * (1 - g) * at(m, k);
        if (klWeight === 0) continue;
        const ratio = log(at(q, k)) - log(at(p, k));
        loss += klWeight * at(q, k) * ratio;
        dq[k] = at(dq, k) + klWeight * (ratio + 1);
        dp[k] = at(dp, k) - (klWeight * at(q, k)) / Math.max(at(p, k), TINY);
      }
      return loss;
    }
    case 'bound':
    case 'balanced': {
      const trained = aim.kind === 'bound';
      for (let k = 0; k < K; k++) {
        const value = logSigmoid(at(m, k)) + log(at(p, k));
        const entropy = trained ? log(at(q, k)) : 0;
        loss += at(q, k) * (entropy - value);
        dq[k] = trained ? entropy + 1 - value : 0;
        dp[k] = -at(q, k) / Math.max(at(p, k), TINY);
        dm[k] = -at(q, k) * sigmoid(-at(m, k));
      }
      return loss;
    }
  }
}
