import type { CheckpointKind } from '#core/bestCheckpoint.ts';
import { FacetError } from '#core/result.ts';
import type { OpenProject } from './OpenProject.ts';
import { checkpointAt } from './runCheckpoint.ts';

/**
 * Step of a run's checkpoint whose margins of held-out pairs are stored: of the kind named, else the newest. Throws `runs.unknown`,
 * `runs.no-checkpoint`, `runs.no-results`.
 */
export function resultsStep(project: OpenProject, runId: number, kind?: CheckpointKind): number {
  const { name, step: done } = project.runs.get(runId);
  const stored = project.figures.resultSteps(runId);
  const step = kind === undefined ? stored.at(-1) : checkpointAt(project, runId, kind).step;
  if (step !== undefined && stored.includes(step)) return step;
  throw new FacetError({
    code: 'runs.no-results',
    message:
      step === undefined
        ? `${name} has no figures of single held-out pairs.`
        : `${name} has no figures of single held-out pairs at step ${step}.`,
    fix:
      done === 0
        ? 'Train again, with some pairs held out.'
        : 'They are stored when a run ends; resume it, or hold some pairs out.',
  });
}
