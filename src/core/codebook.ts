/**
 * What a codebook does, read from p(z|x) of many prompts. `weights` is rows × codes, row-major, each row a
 * distribution over the codes.
 */
import { entropy, perplexity } from './statistics.ts';

/** A code with less than this share of all mass is dead. */
export const DEAD_CODE_SHARE = 0.001;

export interface CodeUsage {
  readonly prompts: number;
  readonly codes: number;
  /** Share of all mass by code, mean_x p(z|x). */
  readonly share: readonly number[];
  /** Prompts for which the code is the strongest, by code. */
  readonly first: readonly number[];
  readonly dead: readonly number[];
  /** exp(H(mean_x p)). */
  readonly perplexity: number;
  /** mean_x H(p), nats. */
  readonly meanPromptEntropy: number;
  /** Largest share of all mass. */
  readonly topShare: number;
  /** I(code; prompt) = H(mean_x p) − mean_x H(p), nats: 0 when every prompt fires the same codes. */
  readonly promptInformation: number;
}

function rowCount(weights: ArrayLike<number>, codes: number): number {
  const rows = weights.length / codes;
  if (!Number.isInteger(rows)) throw new RangeError(`${weights.length} weights are no rows of ${codes}`);
  return rows;
}

/** Strongest code of each row; the lower number wins a tie. */
export function strongestCodes(weights: ArrayLike<number>, codes: number): Int32Array {
  const strongest = new Int32Array(rowCount(weights, codes));
  for (let row = 0; row < strongest.length; row++) {
    const start = row * codes;
    let best = 0;
    for (let code = 1; code < codes; code++) {
      if ((weights[start + code] as number) > (weights[start + best] as number)) best = code;
    }
    strongest[row] = best;
  }
  return strongest;
}

/** Mean row: share of all mass by code. */
function meanCodes(weights: ArrayLike<number>, codes: number): Float64Array {
  const rows = rowCount(weights, codes);
  const share = new Float64Array(codes);
  for (let index = 0; index < weights.length; index++) {
    share[index % codes]! += (weights[index] as number) / rows;
  }
  return share;
}

function meanRowEntropy(weights: ArrayLike<number>, codes: number): number {
  const rows = rowCount(weights, codes);
  const row = new Float64Array(codes);
  let sum = 0;
  for (let index = 0; index < rows; index++) {
    for (let code = 0; code < codes; code++) row[code] = weights[index * codes + code] as number;
    sum += entropy(row);
  }
  return rows === 0 ? 0 : sum / rows;
}

export function codeUsage(weights: ArrayLike<number>, codes: number): CodeUsage {
  const share = meanCodes(weights, codes);
  const first = new Array<number>(codes).fill(0);
  const strongest = strongestCodes(weights, codes);
  for (const code of strongest) first[code]! += 1;
  const meanPromptEntropy = meanRowEntropy(weights, codes);
  const dead = [...share.keys()].filter((code) => (share[code] as number) < DEAD_CODE_SHARE);
  return {
    prompts: strongest.length,
    codes,
    share: [...share],
    first,
    dead,
    perplexity: perplexity(share),
    meanPromptEntropy,
    topShare: share.reduce((largest, value) => Math.max(largest, value), 0),
    promptInformation: Math.max(0, entropy(share) - meanPromptEntropy),
  };
}

/** Share of one code's mass by group (a prompt's source, say), largest first. */
export function massByGroup(
  weights: ArrayLike<number>,
  codes: number,
  code: number,
  groups: readonly string[],
): { group: string; share: number }[] {
  const mass = new Map<string, number>();
  let total = 0;
  for (const [row, group] of groups.entries()) {
    const weight = weights[row * codes + code] as number;
    mass.set(group, (mass.get(group) ?? 0) + weight);
    total += weight;
  }
  return [...mass]
    .map(([group, weight]) => ({ group, share: total === 0 ? 0 : weight / total }))
    .sort((a, b) => b.share - a.share || (a.group < b.group ? -1 : 1));
}
