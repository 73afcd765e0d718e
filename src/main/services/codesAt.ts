/** Whose codes are asked for, and why there are none. */
import { whyWithoutCodes } from '#core/methods.ts';
import { FacetError } from '#core/result.ts';
import type { CodesPlace } from '../codes/protocol.ts';
import { isAtWork } from './KeptCodes.ts';
import type { OpenProject } from './OpenProject.ts';
import { runDirectory } from './runCheckpoint.ts';

/** Codes by a checkpoint of a run: that of a step, or the newest one that fits. */
export interface CodesOf {
  readonly runId: number;
  readonly step?: number | undefined;
}

export function noCodes(project: OpenProject, runId: number, step?: number): FacetError {
  const run = project.runs.get(runId);
  const why = whyWithoutCodes(run.config);
  if (why !== null) {
    return new FacetError({
      code: 'codes.no-latent',
      message: `${run.name} has no codes: ${why}.`,
      fix: 'Choose a run with codes, or train one.',
    });
  }
  const running = isAtWork(run);
  if (step !== undefined && !running) {
    return new FacetError({
      code: 'codes.none',
      message: `The codes of ${run.name} at step ${step} are not stored.`,
      fix: run.checkpoints.some((one) => one.step === step)
        ? 'Read them by that checkpoint.'
        : 'Choose a checkpoint that the run keeps.',
    });
  }
  return new FacetError({
    code: running ? 'codes.not-yet' : 'codes.none',
    message: running ? `${run.name} is still training.` : `${run.name} ended before its codes were stored.`,
    fix: running
      ? 'Its codes appear here when it ends.'
      : project.runs.checkpoints(runId).length > 0
        ? 'Read them by its last checkpoint.'
        : 'Train again.',
  });
}

/** Throws `codes.no-latent`, `codes.none` or `codes.not-yet`. */
export function codesAt(project: OpenProject, { runId, step: asked }: CodesOf): CodesPlace {
  const steps = project.codes.steps(runId);
  const step = asked ?? steps.at(-1);
  if (step === undefined || !steps.includes(step)) throw noCodes(project, runId, asked);
  return { runId, step, revision: project.codes.revision(), runDir: runDirectory(project, runId) };
}
