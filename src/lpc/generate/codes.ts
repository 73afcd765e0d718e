/** z of each reply: what a person chose, or what the prior says. */

import type { CodeChoice } from '#core/generation.ts';
import { codesOf } from '#core/methods.ts';
import { FacetError } from '#core/result.ts';
import { mixedCodes } from '../method/codeVectors.ts';
import { noiseSource } from '../train/noise.ts';
import type { Generator } from './generator.ts';

const refused = (message: string, fix: string): FacetError =>
  new FacetError({ code: 'generate.wrong-codes', message, fix, where: { field: 'codes' } });

/** Σ_k w_k·E_k with w made to sum to 1, (d). Throws `generate.wrong-codes`. */
function chosenVector({ run, trained, model }: Generator, weights: readonly number[]): Float32Array {
  const codes = run && codesOf(run);
  const latent = run?.latent ?? null;
  if (codes === null || latent === null)
    throw refused(
      'This policy has no codebook, so no codes can be chosen.',
      'Choose a run trained with codes.',
    );
  if (weights.length !== codes)
    throw refused(
      `The run has ${codes} codes; ${weights.length} weights were given.`,
      'Give one weight per code.',
    );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (!weights.every((weight) => Number.isFinite(weight) && weight >= 0) || !(total > 0))
    throw refused('The weights of the codes must be 0 or more, and not all 0.', 'Raise at least one weight.');
  const shares = weights.map((weight) => weight / total);
  return mixedCodes(trained, latent, model.config.hiddenSize, shares);
}

export interface LatentRequest {
  readonly codes: CodeChoice;
  readonly seed: number;
  readonly sample: number;
}

/**
 * z (d) of each reply to one prompt, null for the plain policy; and p(z|x), null without a codebook. Where z is sampled,
 * its noise is keyed by the reply's seed and number.
 */
export async function latentsOf(
  generator: Generator,
  promptState: Float32Array | null,
  replies: readonly LatentRequest[],
): Promise<{ readonly z: readonly (Float32Array | null)[]; readonly prior: Float32Array | null }> {
  const size = generator.model.config.hiddenSize;
  const latent = generator.run?.latent;
  const chosen = replies.map(({ codes }) =>
    codes.mode === 'weights' ? chosenVector(generator, codes.weights) : null,
  );
  if (!latent || !promptState) return { z: chosen, prior: null };
  const draw = noiseSource(latent);
  const { z, prior } = await generator.latents(promptState, replies.length, (width) => {
    const noise = new Float32Array(replies.length * width);
    for (const [row, { seed, sample }] of replies.entries())
      noise.set(draw({ seed, stream: `generate.latent.${sample}`, counter: 0 }, width), row * width);
    return noise;
  });
  const vectors = replies.map(({ codes }, row) => {
    if (codes.mode === 'none') return new Float32Array(size);
    return chosen[row] ?? z.slice(row * size, (row + 1) * size);
  });
  return { z: vectors, prior };
}
