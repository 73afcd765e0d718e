/** Pairs of a run, looked into from its figures: those of a step, and the held-out ones it is most right and wrong on. */
import { join } from 'node:path';
import { z } from 'zod';
import { FacetError } from '#core/result.ts';
import { STEP_PAIRS_FILE, type StepPairs } from '#core/stepPairs.ts';
import { isMissing } from '#disk/failures.ts';
import { findRow } from '#disk/sortedLines.ts';
import type { HeldOutAsk, RunPairs } from '#shared/runPairs.ts';
import { textsOf } from '../data/runDataset.ts';
import type { OpenProject } from './OpenProject.ts';
import { resultsStep } from './resultsStep.ts';
import { runDirectory } from './runCheckpoint.ts';

/** As many as are shown of a step. */
const MOST_PAIRS = 200;

const stepPairsSchema = z.object({
  step: z.number(),
  pairIds: z.array(z.string()),
  margins: z.array(z.number()),
  codes: z.array(z.number()).nullable(),
  weights: z.array(z.number()).nullable(),
}) satisfies z.ZodType<StepPairs>;

const stepOf = (row: unknown): number => (row as StepPairs).step;

/** Throws `runs.unknown`, `runs.no-step-pairs`. */
export async function stepPairs(project: OpenProject, runId: number, step: number): Promise<RunPairs> {
  const { name } = project.runs.get(runId);
  const runDir = runDirectory(project, runId);
  const row = await findRow(join(runDir, STEP_PAIRS_FILE), step, stepOf).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    throw new FacetError({
      code: 'runs.no-step-pairs',
      message: `${name} kept no pairs of its steps: it was trained elsewhere, or before they were kept.`,
      fix: 'Look at a run that was trained here.',
    });
  });
  if (row === null)
    throw new FacetError({
      code: 'runs.no-step-pairs',
      message: `The pairs of step ${step} of ${name} were not kept: a fast run reports a part of its steps.`,
      fix: 'Choose a step that a point of the chart stands for.',
    });
  const { pairIds, margins, codes, weights } = stepPairsSchema.parse(row);
  const ids = pairIds.slice(0, MOST_PAIRS).map(Number);
  const texts = await textsOf(runDir, ids);
  return {
    step,
    total: pairIds.length,
    pairs: ids.map((pairId, place) => ({
      pairId,
      ...(texts[place] as (typeof texts)[number]),
      margin: margins[place] as number,
      code: codes?.[place] ?? null,
      weight: weights?.[place] ?? null,
    })),
  };
}

/** Throws `runs.unknown`, `runs.no-checkpoint`, `runs.no-results`. */
export async function heldOutOf(
  project: OpenProject,
  { runId, checkpoint, order, limit }: HeldOutAsk,
): Promise<RunPairs> {
  const step = resultsStep(project, runId, checkpoint);
  const found = await project.reader.ask('heldOutPairs', runId, step, order, limit);
  const texts = await textsOf(
    runDirectory(project, runId),
    found.map(({ pairId }) => pairId),
  );
  return {
    step,
    total: found.length,
    pairs: found.map((pair, place) => ({ ...pair, ...(texts[place] as (typeof texts)[number]) })),
  };
}
