/** Where a run's files are. */
import { join } from 'node:path';
import { FacetError } from '#core/result.ts';
import type { OpenProject } from './OpenProject.ts';

export const runDirectory = (project: OpenProject, runId: number): string =>
  join(project.filesDir, 'runs', String(runId));

/** Folder of a run's last checkpoint. */
export const checkpointOf = (project: OpenProject, runId: number): string =>
  lastCheckpoint(project, runId).folder;

export function lastCheckpoint(project: OpenProject, runId: number): { folder: string; step: number } {
  const run = project.runs.get(runId);
  const checkpoint = project.runs.checkpoints(runId)[0];
  if (checkpoint)
    return { folder: join(runDirectory(project, runId), checkpoint.path), step: checkpoint.step };
  throw new FacetError({
    code: 'runs.no-checkpoint',
    message: `${run.name} has no checkpoint.`,
    fix: 'Choose a run that finished, or train again.',
  });
}
