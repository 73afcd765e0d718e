/** What one training step says of itself. */
import type { NamedData } from '#compute/program.ts';
import { codeUsage } from '#core/codebook.ts';
import { FacetError } from '#core/result.ts';
import type { StepFrame } from '#core/runFrames.ts';
import { mean } from '#core/statistics.ts';
import { nonFiniteField } from '#core/warnings.ts';
import type { PackedRow } from '../packing/pack.ts';

export type StepFigures = Pick<
  StepFrame,
  'loss' | 'kl' | 'gradNorm' | 'accuracy' | 'margin' | 'codePerplexity' | 'pairs' | 'tokens'
>;

export function stepFigures(row: PackedRow, outputs: NamedData, codes: number | null): StepFigures {
  const pairs = row.pairs.length;
  const margins = [...(outputs.margin ?? [])].slice(0, pairs);
  return {
    loss: outputs.loss?.[0] ?? Number.NaN,
    kl: codes === null ? 0 : (outputs.kl?.[0] ?? Number.NaN),
    gradNorm: outputs.gradNorm?.[0] ?? Number.NaN,
    accuracy: mean(margins.map((margin) => (margin > 0 ? 1 : 0))),
    margin: mean(margins),
    codePerplexity:
      codes === null || !outputs.prior
        ? null
        : codeUsage((outputs.prior as Float32Array).subarray(0, pairs * codes), codes).perplexity,
    pairs,
    tokens: row.tokens,
  };
}

/** Stops a run whose numbers have left the finite; earlier checkpoints are untouched. */
export function requireFinite(figures: StepFigures, step: number, lastCheckpoint: string | null): void {
  const { loss, kl, gradNorm, margin } = figures;
  const field = nonFiniteField({ loss, kl, gradNorm, margin });
  if (field === null) return;
  const kept = lastCheckpoint === null ? 'No checkpoint was written yet.' : `Kept: ${lastCheckpoint}.`;
  throw new FacetError({
    code: 'train.not-finite',
    message: `Training broke at step ${step}: ${field} is ${figures[field as 'loss']}. ${kept}`,
    fix: 'Lower the learning rates, keep gradient clipping on, or lengthen the warm-up.',
    where: { field },
  });
}
