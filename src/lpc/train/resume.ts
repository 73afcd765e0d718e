/** Going on from a run's last checkpoint. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ModelInfo } from '#core/jobs.ts';
import { FacetError } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { CheckpointFrame } from '#core/runFrames.ts';
import {
  type Checkpoint,
  type EngineState,
  readCheckpoint,
  readOptimiser,
  readProgress,
} from './checkpoint.ts';
import type { StoredProgress } from './progress.ts';

export const checkpointsOf = (runDir: string): string => join(runDir, 'checkpoints');

export interface ResumePoint {
  readonly checkpoint: Checkpoint;
  readonly progress: StoredProgress;
  /** Weights and moments. */
  readonly state: EngineState;
  /** Other folders of checkpoints, oldest first: theirs is the turn to go when newer ones are written. */
  readonly others: Readonly<Record<CheckpointFrame['kind'], readonly string[]>>;
  /** For a person. */
  readonly note: string;
}

const none = (runDir: string, reason: string): FacetError =>
  new FacetError({
    code: 'resume.no-checkpoint',
    message: `There is nothing to resume in ${runDir}: ${reason}`,
    fix: 'Start a new run.',
    where: { file: runDir },
  });

async function foldersOf(runDir: string, kind: CheckpointFrame['kind']): Promise<string[]> {
  const root = checkpointsOf(runDir);
  try {
    const names = (await readdir(root)).filter((name) => new RegExp(`^${kind}-\\d+$`).test(name));
    return names.sort((a, b) => Number(a.slice(5)) - Number(b.slice(5))).map((name) => join(root, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * The newest complete `last` checkpoint of a run, with all that training needs. A damaged one is passed over for the one
 * before it. Throws `resume.no-checkpoint`.
 */
export async function resumePoint(runDir: string): Promise<ResumePoint> {
  const [last, best] = [await foldersOf(runDir, 'last'), await foldersOf(runDir, 'best')];
  let damaged = '';
  for (const dir of [...last].reverse()) {
    let checkpoint: Checkpoint;
    try {
      checkpoint = await readCheckpoint(dir);
    } catch (error) {
      if (!(error instanceof FacetError)) throw error;
      damaged = ` A later checkpoint can't be used: ${error.failure.message}`;
      continue;
    }
    const progress = await readProgress(dir);
    if (progress === null) throw none(runDir, 'its checkpoint was written before runs could be resumed.');
    const others = {
      last: last.filter((other) => other !== dir),
      best: best.filter((other) => basename(other) !== progress.best?.folder),
    };
    return {
      checkpoint,
      progress,
      state: { ...checkpoint.trained, ...(await readOptimiser(dir)) },
      others,
      note: `Resuming after step ${progress.step}.${damaged}`,
    };
  }
  throw none(
    runDir,
    damaged === '' ? 'it has no last checkpoint.' : `its checkpoints are damaged.${damaged}`,
  );
}

/** Settings that differ, by name; `steps` follows from the data where epochs were asked for. */
function differences(before: RunConfig, now: RunConfig): string[] {
  const flat = ({ latent, ...rest }: RunConfig): Record<string, unknown> => ({
    ...rest,
    steps: rest.epochs === null ? rest.steps : null,
    latent: latent !== null,
    ...Object.fromEntries(Object.entries(latent ?? {}).map(([name, value]) => [`latent.${name}`, value])),
  });
  const [a, b] = [flat(before), flat(now)];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]),
  );
}

/** Throws `resume.other-model` or `resume.other-config`. */
export function requireSameRun(
  { checkpoint }: ResumePoint,
  config: RunConfig,
  model: ModelInfo,
  modelFingerprint: string,
): void {
  const { dir: file } = checkpoint;
  if (checkpoint.config.modelFingerprint !== modelFingerprint) {
    throw new FacetError({
      code: 'resume.other-model',
      message: `The run was trained on different model files: ${checkpoint.config.model.parameters} parameters then, ${model.parameters} now${checkpoint.config.model.parameters === model.parameters ? ', with other values' : ''}.`,
      fix: 'Put the model back as it was, or start a new run.',
      where: { file },
    });
  }
  const [field, ...others] = differences(checkpoint.config.run, config);
  if (field !== undefined) {
    throw new FacetError({
      code: 'resume.other-config',
      message: `A run resumes with its own settings; these differ: ${[field, ...others].join(', ')}.`,
      fix: 'Resume with the settings it was started with, or start a new run.',
      where: { file, field },
    });
  }
}

/** Throws `resume.other-dataset`. */
export function requireSameDataset({ checkpoint, progress }: ResumePoint, fingerprint: string): void {
  if (progress.datasetFingerprint === fingerprint) return;
  throw new FacetError({
    code: 'resume.other-dataset',
    message: 'The pairs are not the ones that the run was trained on.',
    fix: 'Resume with the run’s own pairs, unchanged and in the same order, or start a new run.',
    where: { file: checkpoint.dir },
  });
}
