/** Where a run's files are. */
import { join } from 'node:path';
import { FacetError } from '#core/result.ts';
import type { OpenProject } from './OpenProject.ts';

export const runDirectory = (project: OpenProject, runId: number): string =>
  join(project.filesDir, 'runs', String(runId));

export interface CheckpointPlace {
  readonly folder: string;
  readonly step: number;
}

/** Folder of a run's checkpoint of that step; of its last one where none is named. Throws `runs.no-checkpoint`. */
export function checkpointAt(
  project: OpenProject,
  runId: number,
  step: number | null = null,
): CheckpointPlace {
  const run = project.runs.get(runId);
  const kept = project.runs.checkpoints(runId);
  const checkpoint = step === null ? kept[0] : kept.find((one) => one.step === step);
  if (checkpoint)
    return { folder: join(runDirectory(project, runId), checkpoint.path), step: checkpoint.step };
  throw new FacetError({
    code: 'runs.no-checkpoint',
    message:
      step === null || kept.length === 0
        ? `${run.name} has no checkpoint.`
        : `${run.name} keeps no checkpoint of step ${step}.`,
    fix:
      kept.length === 0
        ? 'Choose a run that finished, or train again.'
        : `Choose one that it keeps: step ${kept.map((one) => one.step).join(' or ')}.`,
  });
}

/** Folder of a run's checkpoint; of its last one where no step is named. */
export const checkpointOf = (project: OpenProject, runId: number, step: number | null = null): string =>
  checkpointAt(project, runId, step).folder;
