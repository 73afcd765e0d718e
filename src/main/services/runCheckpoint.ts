/** Where a run's files are. */
import { join } from 'node:path';
import { BEST_RULES, type CheckpointKind } from '#core/bestCheckpoint.ts';
import { FacetError } from '#core/result.ts';
import type { Run } from '#shared/entities.ts';
import type { OpenProject } from './OpenProject.ts';

export const runDirectory = (project: OpenProject, runId: number): string =>
  join(project.filesDir, 'runs', String(runId));

export interface CheckpointPlace {
  readonly folder: string;
  readonly step: number;
}

/** A step, or one of the two that a run keeps; null is the last, or what there is. */
export type CheckpointWish = number | CheckpointKind | null;

function whyNone({ name, config }: Run, wish: CheckpointWish): string {
  if (wish === 'best')
    return `${name} has no best checkpoint, the one of the ${BEST_RULES[config.bestBy]}: it was never evaluated on held-out pairs.`;
  if (wish === 'last') return `${name} has no last checkpoint.`;
  return `${name} keeps no checkpoint of step ${wish}.`;
}

/** Folder of a run's checkpoint as wished. Throws `runs.no-checkpoint`. */
export function checkpointAt(
  project: OpenProject,
  runId: number,
  wish: CheckpointWish = null,
): CheckpointPlace {
  const run = project.runs.get(runId);
  const kept = project.runs.checkpoints(runId);
  const checkpoint = wish === null ? kept[0] : kept.find(({ kind, step }) => kind === wish || step === wish);
  if (checkpoint)
    return { folder: join(runDirectory(project, runId), checkpoint.path), step: checkpoint.step };
  throw new FacetError({
    code: 'runs.no-checkpoint',
    message: wish === null || kept.length === 0 ? `${run.name} has no checkpoint.` : whyNone(run, wish),
    fix:
      kept.length === 0
        ? 'Choose a run that finished, or train again.'
        : `Choose one that it keeps: ${kept.map(({ kind, step }) => `${kind} (step ${step})`).join(' or ')}.`,
  });
}

/** Folder of a run's checkpoint as wished. */
export const checkpointOf = (project: OpenProject, runId: number, wish: CheckpointWish = null): string =>
  checkpointAt(project, runId, wish).folder;
