/**
 * Directions that the latent is read and written in, found in the data and kept with the run (ours). Prior and posterior
 * read h_x along its leading whitened directions; codes are written in those of what tells the replies of a pair apart.
 * So neither depends on the scale of hidden states or of the vocabulary. d hidden size, r directions.
 */
import type { TensorSpec } from '#compute/program.ts';
import type { LatentConfig } from '#core/runConfig.ts';

const float = (...shape: number[]): TensorSpec => ({ shape, dtype: 'float32' });

/** Names of what is fixed before the first step and never trained. */
export const DIRECTIONS: ReadonlySet<string> = new Set([
  'prompt.mean',
  'prompt.directions',
  'codebook.directions',
]);

/** Directions of h_x that the networks read; 0 where they read h_x as it is. */
export const promptDirections = (latent: LatentConfig, hiddenSize: number): number =>
  latent.kind === 'bias' ? 0 : Math.min(latent.promptDirections, hiddenSize);

/** Directions that codes live in; 0 where they have the whole hidden size. z in the layers passes maps of its own. */
export const codeDirections = (latent: LatentConfig, hiddenSize: number): number =>
  latent.kind === 'codebook' && latent.injection === 'head' ? Math.min(latent.codeDirections, hiddenSize) : 0;

/** `prompt.mean` (d), `prompt.directions` (r, d) and `codebook.directions` (r, d), as far as the latent has them. */
export function directionSpecs(latent: LatentConfig, hiddenSize: number): Record<string, TensorSpec> {
  const prompt = promptDirections(latent, hiddenSize);
  const codes = codeDirections(latent, hiddenSize);
  return {
    ...(prompt > 0 && {
      'prompt.mean': float(hiddenSize),
      'prompt.directions': float(prompt, hiddenSize),
    }),
    ...(codes > 0 && { 'codebook.directions': float(codes, hiddenSize) }),
  };
}
