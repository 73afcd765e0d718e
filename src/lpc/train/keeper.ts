/**
 * Keeps a run's checkpoints: the newest `last`, the `best` (`isBetter`), and the one before each: whoever reads
 * the frames may not have noted the newest yet when this process or theirs ends.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { heldOutFile } from '#core/heldOutFile.ts';
import type { PairResult } from '#core/jobs.ts';
import type { CheckpointFrame } from '#core/runFrames.ts';
import { writeJsonLines } from '#disk/lines.ts';
import { momentSpecs } from '../optimiser/adamw.ts';
import { parameterGroups } from '../programs/policy.ts';
import { writeCheckpoint } from './checkpoint.ts';
import type { MeasuredPair } from './evaluation.ts';
import { keepPriors } from './heldOutPriors.ts';
import { trainableSpecs } from './initialEngineState.ts';
import type { PreparedRun } from './prepare.ts';
import type { TrainingProgress } from './progress.ts';
import { checkpointsOf } from './resume.ts';

type Kind = CheckpointFrame['kind'];
const HELD_OUT_FILE = /^held-out-\d+\.jsonl$/;

export interface CheckpointKeeper {
  /** Path of the newest complete checkpoint, or null. */
  readonly newest: () => string | null;
  /** With moments and progress, so that training may go on from it. */
  saveLast(progress: TrainingProgress): Promise<CheckpointFrame>;
  saveBest(step: number): Promise<CheckpointFrame>;
  /** p(z|x) of held-out prompts as a step left it. */
  keepPriors(step: number, measured: readonly MeasuredPair[]): Promise<void>;
  /** Held-out figures of a step; those of other steps go, but for the best one's. */
  keepResults(step: number, results: readonly PairResult[], bestStep: number | null): Promise<void>;
}

export function checkpointKeeper(run: PreparedRun, runDir: string): CheckpointKeeper {
  const { engine, config, modelFingerprint, datasetFingerprint, model, resumed, rowTokens } = run;
  const groups = parameterGroups(config, model.config);
  const trained = trainableSpecs(groups);
  const parameters = { ...trained, ...groups.fixed };
  const moments = momentSpecs(trained);
  const written = new Map<Kind, CheckpointFrame>();
  /** Folders of a kind, oldest first. */
  const folders: Record<Kind, string[]> = { last: [], best: [] };
  if (resumed) {
    const { dir, sha256, bytes } = resumed.checkpoint;
    written.set('last', {
      type: 'checkpoint',
      kind: 'last',
      step: resumed.progress.step,
      path: dir,
      sha256,
      bytes,
    });
    const { best } = resumed.progress;
    folders.last = [...resumed.others.last, dir];
    folders.best = [...resumed.others.best, ...(best ? [join(checkpointsOf(runDir), best.folder)] : [])];
  }

  const save = async (
    kind: Kind,
    step: number,
    progress: TrainingProgress | null,
  ): Promise<CheckpointFrame> => {
    const before = written.get(kind);
    if (before?.step === step) return before;
    const optimiser = progress && (await engine.getState(Object.keys(moments)));
    const frame = await writeCheckpoint({
      root: checkpointsOf(runDir),
      kind,
      config: { format: 1, run: config, step, model: model.info, modelFingerprint },
      specs: { ...parameters, ...moments },
      trained: await engine.getState(Object.keys(parameters)),
      start: model.start ?? null,
      resumable: progress &&
        optimiser && {
          optimiser,
          progress: {
            ...progress,
            datasetFingerprint,
            engine: engine.name,
            ...(rowTokens !== null && { rowTokens }),
          },
        },
    });
    written.set(kind, frame);
    folders[kind] = [...folders[kind].filter((path) => path !== frame.path), frame.path];
    for (const old of folders[kind].splice(0, folders[kind].length - 2))
      await rm(old, { recursive: true, force: true });
    return frame;
  };

  return {
    newest: () => written.get('last')?.path ?? written.get('best')?.path ?? null,
    saveLast: (progress) => save('last', progress.step, progress),
    saveBest: (step) => save('best', step, null),
    keepPriors: (step, measured) => keepPriors(runDir, step, measured),
    async keepResults(step, results, bestStep) {
      const kept = [step, ...(bestStep === null ? [] : [bestStep])].map(heldOutFile);
      await writeJsonLines(join(runDir, heldOutFile(step)), results);
      const old = (await readdir(runDir)).filter((name) => HELD_OUT_FILE.test(name) && !kept.includes(name));
      for (const name of old) await rm(join(runDir, name), { force: true });
    },
  };
}
