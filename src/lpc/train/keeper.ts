/**
 * Keeps a run's checkpoints: the newest `last`, the best by held-out accuracy, and the one before each: whoever reads
 * the frames may not have noted the newest yet when this process or theirs ends.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointFrame, EvaluationFrame } from '#core/runFrames.ts';
import { momentSpecs } from '../optimiser/adamw.ts';
import { parameterGroups } from '../programs/policy.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { trainableSpecs } from './initialState.ts';
import type { PreparedRun } from './prepare.ts';

export interface CheckpointKeeper {
  /** Path of the newest complete checkpoint, or null. */
  readonly newest: () => string | null;
  /** With moments, so that training may go on from it. */
  saveLast(step: number): Promise<CheckpointFrame>;
  /** Saved where the accuracy is the highest yet, ties decided by the lower loss; else null. */
  saveIfBest(evaluation: EvaluationFrame): Promise<CheckpointFrame | null>;
}

const better = (a: EvaluationFrame, b: EvaluationFrame): boolean =>
  a.accuracy > b.accuracy || (a.accuracy === b.accuracy && a.loss < b.loss);

export function checkpointKeeper(run: PreparedRun, runDir: string): CheckpointKeeper {
  const parameters = trainableSpecs(parameterGroups(run.config, run.model.config));
  const moments = momentSpecs(parameters);
  const written = new Map<CheckpointFrame['kind'], CheckpointFrame>();
  const outdated = new Map<CheckpointFrame['kind'], string>();
  let best: EvaluationFrame | null = null;

  const save = async (kind: CheckpointFrame['kind'], step: number): Promise<CheckpointFrame> => {
    const before = written.get(kind);
    if (before?.step === step) return before;
    const { engine, config, modelFingerprint, model } = run;
    const frame = await writeCheckpoint({
      root: join(runDir, 'checkpoints'),
      kind,
      config: { format: 1, run: config, step, model: model.info, modelFingerprint },
      specs: { ...parameters, ...moments },
      trained: await engine.getState(Object.keys(parameters)),
      optimiser: kind === 'last' ? await engine.getState(Object.keys(moments)) : null,
    });
    written.set(kind, frame);
    const oldest = outdated.get(kind);
    if (oldest !== undefined) await rm(oldest, { recursive: true, force: true });
    if (before) outdated.set(kind, before.path);
    return frame;
  };

  return {
    newest: () => written.get('last')?.path ?? written.get('best')?.path ?? null,
    saveLast: (step) => save('last', step),
    async saveIfBest(evaluation) {
      if (best !== null && !better(evaluation, best)) return null;
      best = evaluation;
      return save('best', evaluation.step);
    },
  };
}
