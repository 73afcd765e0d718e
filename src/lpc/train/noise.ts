/** The random part of a step, as inputs: made from seed and step alone, so a resumed run sees the same noise. */
import type { NamedData } from '#compute/program.ts';
import { gumbels } from '#core/random.ts';

/** Standard Gumbel noise of prior and posterior, (P, K) each; independent of each other. */
export function stepNoise(seed: number, step: number, pairs: number, codes: number): NamedData {
  return {
    gumbelPrior: gumbels({ seed, stream: 'gumbel-prior', counter: step }, pairs * codes),
    gumbelPosterior: gumbels({ seed, stream: 'gumbel-posterior', counter: step }, pairs * codes),
  };
}
