/** How much of a prompt's factor its codes tell. All shares of H(factor): 0 nothing, 1 everything. */
import { strongestCodes } from '../codebook.ts';
import { correctedInformation, entropy, labelEntropy } from '../statistics.ts';

export interface Recovery {
  /** The smaller of the two below: what is reported. */
  readonly value: number;
  /** Of the strongest code, less the bias that counting has. */
  readonly topCode: number;
  /** Of a code drawn from p(z|x): I from the joint distribution mean_x p(z|x)·[factor = f]. */
  readonly soft: number;
}

/** H(mean_x p) − Σ_f P(f) H(mean_{x in f} p), nats. */
function softInformation(weights: ArrayLike<number>, codes: number, factors: readonly string[]): number {
  const all = new Float64Array(codes);
  const byFactor = new Map<string, { prompts: number; mass: Float64Array }>();
  for (const [row, factor] of factors.entries()) {
    const known = byFactor.get(factor) ?? { prompts: 0, mass: new Float64Array(codes) };
    known.prompts += 1;
    for (let code = 0; code < codes; code++) {
      const weight = weights[row * codes + code] as number;
      known.mass[code]! += weight;
      all[code]! += weight;
    }
    byFactor.set(factor, known);
  }
  let conditional = 0;
  for (const { prompts, mass } of byFactor.values())
    conditional += (prompts / factors.length) * entropy(mass);
  return Math.max(0, entropy(all) - conditional);
}

/** `weights`: p(z|x), one row of `codes` values a prompt; `factors`: the prompts' factors, in the same order. */
export function recoveryOf(weights: ArrayLike<number>, codes: number, factors: readonly string[]): Recovery {
  if (weights.length !== codes * factors.length)
    throw new RangeError(`${weights.length} weights are no ${factors.length} rows of ${codes}`);
  const factorEntropy = labelEntropy(factors);
  if (factorEntropy === 0) return { value: 0, topCode: 0, soft: 0 };
  const topCode = correctedInformation([...strongestCodes(weights, codes)], factors) / factorEntropy;
  const soft = softInformation(weights, codes, factors) / factorEntropy;
  return { value: Math.min(topCode, soft), topCode, soft };
}
