/** A training run from job to result, as a stream of frames. */

import { join } from 'node:path';
import type { PairCodes, TrainJob, TrainResult } from '#core/jobs.ts';
import { learnsFromSingles, OBJECTIVE_FACTS, tailWeightOf } from '#core/methods.ts';
import { isOutOfMemory } from '#core/outOfMemory.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { requireRules } from '#core/runRules.ts';
import { writeJsonLines } from '#disk/lines.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { heldFingerprint } from '../backbone/heldWeights.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import { type EncodedPair, isPair } from '../packing/encode.ts';
import { asReference } from '../packing/unrelated.ts';
import { injectedInto } from '../programs/policy.ts';
import { referenceProgram } from '../programs/referenceProgram.ts';
import { type MeasuredPair, pairResults } from './evaluation.ts';
import type { HiddenStateCache } from './hiddenStateCache.ts';
import { checkpointKeeper } from './keeper.ts';
import { type LoopOptions, trainingLoop } from './loop.ts';
import { outOfMemory } from './outOfMemory.ts';
import { phase } from './phases.ts';
import { type PreparedRun, prepareRun } from './prepare.ts';
import { optionsFor, ready } from './programs.ts';
import { openReferenceCache } from './referenceCache.ts';
import { openReferenceModel } from './referenceModel.ts';
import { allKnown, referenceLogProbabilities } from './references.ts';
import type { References } from './rows.ts';
import { backboneStart } from './schedule.ts';
import { stageHiddenStates } from './stage.ts';
import { openStepPairsLog, type StepPairsLog } from './stepPairsLog.ts';
import { beginsWithSearch, warmStart } from './warmStart.ts';

interface Known {
  /** null where the objective reads none. */
  readonly references: References | null;
  /** Hidden states that the references were read from; the heads' stage reads them too. */
  readonly states: HiddenStateCache | null;
}

/** Where heads alone train first, one pass through the backbone serves the references too. */
async function* hiddenStatesForReferences(
  run: PreparedRun,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, HiddenStateCache | null> {
  const beginsWithHeads = (run.resumed?.checkpoint.config.step ?? 0) < backboneStart(run.config);
  const headOnly = injectedInto(optionsFor(run, 'heads')).length === 0;
  return beginsWithHeads && headOnly ? yield* stageHiddenStates(run, 'heads', stop) : null;
}

/** Of another model than the one that trains; it leaves the memory again before the first step. */
async function* referencesOfOther(
  run: PreparedRun,
  model: ModelFolder,
  cacheDir: string,
  pairs: readonly EncodedPair[],
  stop: AbortSignal,
): AsyncGenerator<RunFrame, References | null> {
  const opened = await openReferenceModel(
    { cacheDir, engine: run.engine.name },
    run.config,
    model,
    run.shape,
  );
  try {
    return yield* referenceLogProbabilities(opened.cache, pairs, run.shape, opened.compile, stop);
  } finally {
    await opened.dispose();
  }
}

/** null where it was stopped before all were known. */
async function* referencesOf(
  run: PreparedRun,
  cacheDir: string,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, Known | null> {
  if (!OBJECTIVE_FACTS[run.config.objective].readsReference) return { references: null, states: null };
  const pairs = [...run.training, ...run.heldOut].flatMap(asReference);
  if (run.reference !== null) {
    const references = yield* referencesOfOther(run, run.reference, cacheDir, pairs, stop);
    return references && { references, states: null };
  }
  const cache = await openReferenceCache(
    cacheDir,
    heldFingerprint(run.modelFingerprint, run.config.weights),
    tailWeightOf(run.config),
  );
  // A reply to another prompt has no states of its own: it is read from its tokens, and the others with it.
  const states =
    allKnown(cache, pairs) || learnsFromSingles(run.config)
      ? null
      : yield* hiddenStatesForReferences(run, stop);
  if (stop.aborted) {
    await states?.dispose();
    return null;
  }
  const hiddenStatesFrom = states ? ('inputs' as const) : ('row' as const);
  const references = yield* referenceLogProbabilities(
    cache,
    pairs,
    run.shape,
    () => ready(run.engine, referenceProgram({ ...optionsFor(run, 'heads'), hiddenStatesFrom })),
    stop,
    async (row) => (states ? { ...row.inputs, ...(await states.inputsOf(row)) } : row.inputs),
  );
  if (references) return { references, states };
  await states?.dispose();
  return null;
}

/** Finds what the run begins with, unless it goes on from a step; gives the hidden states on to the first stage. */
async function* warmStarted(
  run: PreparedRun,
  known: HiddenStateCache | null,
  stop: AbortSignal,
): AsyncGenerator<RunFrame, HiddenStateCache | null> {
  if ((run.resumed?.progress.step ?? 0) > 0 || !beginsWithSearch(run)) return known;
  const states = known ?? (yield* hiddenStatesForReferences(run, stop));
  try {
    if (!stop.aborted) yield* warmStart(run, states, stop);
    return states;
  } catch (error) {
    await states?.dispose();
    throw error;
  }
}

async function* closing<T>(
  log: StepPairsLog,
  frames: AsyncGenerator<RunFrame, T>,
): AsyncGenerator<RunFrame, T> {
  try {
    return yield* frames;
  } finally {
    await log.close();
  }
}

/** Of all threads of this process. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const DIGITS = 5;
const rounded = (values: Float32Array | null): number[] =>
  Array.from(values ?? [], (value) => Number(value.toPrecision(DIGITS)));

async function writeHeldOutCodes(runDir: string, all: readonly MeasuredPair[]): Promise<string | null> {
  const measured = all.filter(({ pair }) => isPair(pair));
  if (!measured[0]?.prior) return null;
  const path = join(runDir, 'held-out-codes.jsonl');
  await writeJsonLines(
    path,
    measured.map(({ pair, prior, state }): PairCodes => {
      const { pairId } = pair;
      return { pairId, weights: rounded(prior), state: rounded(state) };
    }),
  );
  return path;
}

/**
 * Trains as the job says. Frames come as the work goes on; the result names files that are complete. Asked to stop, it
 * ends after the step under way, with a checkpoint and an evaluation of what it has. Throws `FacetError`.
 */
export async function* train(
  job: TrainJob,
  stop: AbortSignal,
  { graceMs }: Partial<Pick<LoopOptions, 'graceMs'>> = {},
): AsyncGenerator<RunFrame, TrainResult> {
  requireRules(job.config);
  const run = yield* prepareRun(job, stop);
  try {
    const heldOutPath = join(job.runDir, 'held-out-prompts.json');
    await writeFileAtomic(heldOutPath, [`${JSON.stringify(run.heldOutPromptIds)}\n`]);
    const known = yield* referencesOf(run, job.cacheDir, stop);
    // Not before the references: under full fine-tuning they are read from the same weights.
    if (run.resumed) await run.engine.setState(run.resumed.state);
    const begunMs = processorMs();
    const states = known && (yield* warmStarted(run, known.states, stop));
    const keeper = checkpointKeeper(run, job.runDir);
    const log = await openStepPairsLog(job.runDir, run.resumed?.progress.step ?? 0);
    const loop = yield* closing(
      log,
      trainingLoop(run, known?.references ?? null, keeper, stop, {
        known: states,
        log,
        ...(graceMs !== undefined && { graceMs }),
      }),
    );
    yield phase('save', 0, 1);
    const pairResultsPath = join(job.runDir, 'held-out-pairs.jsonl');
    await writeJsonLines(pairResultsPath, pairResults(loop.measured));
    const heldOutCodesPath = await writeHeldOutCodes(job.runDir, loop.measured);
    yield phase('save', 1, 1);
    return {
      stopped: loop.stopped,
      steps: loop.steps,
      checkpointDir: loop.checkpointDir,
      pairResultsPath,
      heldOutPath,
      heldOutCodesPath,
      processorMs: processorMs() - begunMs,
    };
  } catch (error) {
    throw isOutOfMemory(error) ? outOfMemory(run, error) : error;
  } finally {
    await run.engine.dispose();
  }
}
