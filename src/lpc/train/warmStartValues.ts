/** What a warm start found, as the engine holds it. */
import type { TensorSpec } from '#compute/program.ts';
import { lossScale } from '#core/methods.ts';
import type { LatentConfig, RunConfig } from '#core/runConfig.ts';
import { FIRST_LENGTH, headSpecs } from '../method/heads.ts';
import { addScaled, type Matrix, matrix, rowOf } from '../warmStart/matrix.ts';
import type { Mixture } from '../warmStart/mixture.ts';
import type { SearchResult } from '../warmStart/search.ts';
import type { Whitening } from '../warmStart/whiten.ts';
import type { PreparedRun } from './prepare.ts';
import { stepSettings } from './schedule.ts';

/** p(k|x) of a code that the fit has no use for is e to this, relative to the least likely one in use. */
const UNUSED_LOGIT = -20;

/** What was found before the first step. */
export interface Found {
  readonly prompt: Whitening | null;
  readonly codes: Whitening | null;
  readonly search: SearchResult | null;
}

/** Rows of a smaller matrix at the top left of a larger one, the rest `rest`. */
function padded(shape: readonly number[], from: Matrix, rest = 0): Float32Array<ArrayBuffer> {
  const [rows = 0, columns = 0] = shape;
  const values = new Float32Array(rows * columns).fill(rest);
  for (let row = 0; row < Math.min(rows, from.rows); row++)
    values.set(rowOf(from, row).subarray(0, columns), row * columns);
  return values;
}

function codesAndPrior({ codes, weight, bias }: Mixture, specs: Readonly<Record<string, TensorSpec>>) {
  const shapeOf = (name: string): readonly number[] => specs[name]?.shape ?? [];
  const biases = new Float32Array(shapeOf('prior.output.bias')[0] ?? 0).fill(
    Math.min(...bias) + UNUSED_LOGIT,
  );
  biases.set(bias);
  return {
    codebook: padded(shapeOf('codebook'), codes),
    'prior.output.weight': padded(shapeOf('prior.output.weight'), weight),
    'prior.output.bias': biases,
  };
}

/** Of codes that pairs set aside don't bear out: their length at most, in that of the fit, when all steps are taken. */
const LONGEST_UNPROVEN = 0.05;

/**
 * What the directions of codes are multiplied by. The steps see the pairs that were fitted, and would make the codes of noise as
 * long as those of a taste: directions so short that no number of steps can keep the policy at the reference, and the signs of
 * its margins as they are.
 */
function shareOfLength({ search }: Found, config: RunConfig): number {
  if (search?.bornOut !== false) return 1;
  let reach = FIRST_LENGTH;
  for (let step = 0; step < config.steps; step++) reach += stepSettings(config, step).lengthLearningRate;
  return Math.min(1, LONGEST_UNPROVEN / reach);
}

/** Engine state by name. Directions of codes are divided by β, so that codes are in units of the objective's margin. */
export function valuesOf(found: Found, config: RunConfig, run: PreparedRun) {
  const { prompt, codes, search } = found;
  const specs = headSpecs(config.latent as LatentConfig, run.model.config);
  const scaled = codes && matrix(codes.directions.rows, codes.directions.columns);
  if (scaled) addScaled(scaled.data, codes.directions.data, shareOfLength(found, config) / lossScale(config));
  const shapeOf = (name: string): readonly number[] => specs[name]?.shape ?? [];
  const values: Record<string, Float32Array<ArrayBuffer>> = {
    ...(prompt && {
      'prompt.mean': Float32Array.from(prompt.mean),
      'prompt.directions': padded(shapeOf('prompt.directions'), prompt.directions),
    }),
    ...(scaled && { 'codebook.directions': padded(shapeOf('codebook.directions'), scaled) }),
    ...(search && codesAndPrior(search.mixture, specs)),
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, data]) => [name, { spec: specs[name] as TensorSpec, data }]),
  );
}
