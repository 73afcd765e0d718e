/** A training run from job to result, as a stream of frames. */
import { join } from 'node:path';
import type { TrainJob, TrainResult } from '#core/jobs.ts';
import { completeRunConfig } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { referenceProgram } from '../programs/referenceProgram.ts';
import { writeFileAtomic } from './atomicFolder.ts';
import { checkpointKeeper } from './keeper.ts';
import { trainingLoop } from './loop.ts';
import { phase } from './phases.ts';
import { type PreparedRun, prepareRun } from './prepare.ts';
import { optionsFor, ready } from './programs.ts';
import { openReferenceCache } from './referenceCache.ts';
import { referenceLogProbabilities } from './references.ts';
import type { References } from './rows.ts';
import { checkConfig } from './schedule.ts';

/** null where the objective reads no reference, `'stopped'` where it was not finished. */
async function* references(
  run: PreparedRun,
  cacheDir: string,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, References | null | 'stopped'> {
  if (run.config.objective === 'simpo') return null;
  const cache = await openReferenceCache(cacheDir, run.modelFingerprint);
  const found = yield* referenceLogProbabilities(
    cache,
    [...run.training, ...run.heldOut],
    run.shape,
    () => ready(run.engine, referenceProgram(optionsFor(run, 'heads'))),
    stop,
  );
  return found ?? 'stopped';
}

/**
 * Trains as the job says. Frames come as the work goes on; the result names files that are complete. Asked to stop, it
 * ends after the step under way, with a checkpoint and an evaluation of what it has. Throws `FacetError`.
 */
export async function* train(job: TrainJob, stop: AbortSignal): AsyncGenerator<RunFrame, TrainResult> {
  checkConfig(completeRunConfig(job.config));
  const run = yield* prepareRun(job);
  try {
    const heldOutPath = join(job.runDir, 'held-out-prompts.json');
    await writeFileAtomic(heldOutPath, [`${JSON.stringify(run.heldOutPromptIds)}\n`]);
    const known = yield* references(run, job.cacheDir, stop);
    // Not before the references: under full fine-tuning they are read from the same weights.
    if (run.resumed) await run.engine.setState(run.resumed.state);
    const keeper = checkpointKeeper(run, job.runDir);
    const loop = yield* trainingLoop(run, known === 'stopped' ? null : known, keeper, stop);
    yield phase('save', 0, 1);
    const pairResultsPath = join(job.runDir, 'held-out-pairs.jsonl');
    await writeFileAtomic(
      pairResultsPath,
      loop.measured.map(({ result }) => `${JSON.stringify(result)}\n`),
    );
    yield phase('save', 1, 1);
    return {
      stopped: loop.stopped,
      steps: loop.steps,
      checkpointDir: loop.checkpointDir,
      pairResultsPath,
      heldOutPath,
    };
  } finally {
    await run.engine.dispose();
  }
}
