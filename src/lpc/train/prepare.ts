/** Everything a run needs before its first step, from files to token ids to an engine. */

import { mkdir, readFile } from 'node:fs/promises';
import { createEngine, type Engine } from '#compute/index.ts';
import type { TrainJob } from '#core/jobs.ts';
import { OBJECTIVE_FACTS } from '#core/methods.ts';
import { FacetError, unwrap } from '#core/result.ts';
import { type EngineChoice, type RunConfig, sumsRows } from '#core/runConfig.ts';
import type { RunFrame, WarningFrame } from '#core/runFrames.ts';
import { requireRules } from '#core/runRules.ts';
import { datasetFingerprint } from '#disk/datasetFingerprint.ts';
import { heldAs } from '../backbone/heldWeights.ts';
import { type ModelFolder, openModelFolder } from '../backbone/modelFolder.ts';
import { type StartingAdapter, startedFrom } from '../backbone/startingAdapter.ts';
import { stopped } from '../jobs/stopped.ts';
import { type EncodedPair, type EncodeLimits, summariseCuts } from '../packing/encode.ts';
import { equalRepliesWarning, withoutEqualReplies } from '../packing/equalReplies.ts';
import { chooseShape, longestPair, type RowShape } from '../packing/shape.ts';
import { openTokenizer, type Tokenizer } from '../tokens/tokenizer.ts';
import { readPairs } from './dataset.ts';
import { encodeAll } from './encodeAll.ts';
import type { PairOrigin } from './evaluation.ts';
import { examplesFor, limitsFor } from './examples.ts';
import { setInitialEngineState } from './initialEngineState.ts';
import { planMemory } from './memory.ts';
import { phase } from './phases.ts';
import { requireSameTokens } from './referenceModel.ts';
import { type ResumePoint, requireSameDataset, requireSameRun, resumePoint } from './resume.ts';
import { stepsOfEpochs } from './rows.ts';
import { splitByPrompts, splitPairs } from './split.ts';
import { startOfJob, weightsFingerprint } from './start.ts';
import { widenedWarning } from './widenedWarning.ts';

export interface PreparedRun {
  /** Complete; `steps` worked out where epochs were asked for. */
  readonly config: RunConfig;
  readonly model: ModelFolder;
  /** Another model than the one that trains, for reference log-probabilities; null: the one that trains, as it begins. */
  readonly reference: ModelFolder | null;
  readonly modelFingerprint: string;
  readonly engine: Engine;
  /** Holds every pair of the run, so that one shape serves training, evaluation and reference. */
  readonly shape: RowShape;
  /** What of the pairs a step takes; larger than `shape` where its rows are computed in parts. */
  readonly stepShape: RowShape;
  /** Whether a step may have several rows. */
  readonly sums: boolean;
  /** See `TrainJob`; null where memory has not run out. */
  readonly rowTokens: number | null;
  readonly training: readonly EncodedPair[];
  readonly heldOut: readonly EncodedPair[];
  readonly heldOutPromptIds: readonly string[];
  /** Pairs of the file, those among them that can't be used. */
  readonly pairsRead: number;
  readonly originOf: (pairId: string) => PairOrigin;
  readonly datasetFingerprint: string;
  readonly cacheDir: string;
  /** Where it goes on from; its weights are not on the engine yet. */
  readonly resumed: ResumePoint | null;
}

export const encodeLimits = (config: RunConfig, model: ModelFolder): EncodeLimits => ({
  maxPromptTokens: config.maxPromptTokens,
  maxReplyTokens: config.maxReplyTokens,
  tokenBudget: config.tokenBudget,
  contextLength: model.config.contextLength,
});

/**
 * As a run's settings say: what frozen weights are held in, and how dialogues are written; what it started from is in the
 * weights: an adapter, or how to read it once the model is known.
 */
export async function openModel(
  modelDir: string,
  { weights = 'as-stored', chatTemplate }: Partial<Pick<RunConfig, 'weights' | 'chatTemplate'>> = {},
  start: StartingAdapter | null | ((model: ModelFolder) => Promise<StartingAdapter | null>) = null,
): Promise<{ model: ModelFolder; tokenizer: Tokenizer }> {
  const opened = unwrap(await openModelFolder(modelDir));
  const started = startedFrom(opened, typeof start === 'function' ? await start(opened) : start);
  const model = { ...started, tensors: heldAs(started.tensors, weights) };
  return { model, tokenizer: unwrap(await openTokenizer(modelDir, { chosen: chatTemplate })) };
}

/** The reference that a run chose, once it is seen to read the same tokens. Throws `reference.other-tokenizer`, `model.…`. */
export async function openReference(
  config: RunConfig,
  policy: Tokenizer,
  pairs: readonly EncodedPair[],
): Promise<ModelFolder | null> {
  if (config.referenceModel === null || !OBJECTIVE_FACTS[config.objective].readsReference) return null;
  const { model, tokenizer } = await openModel(config.referenceModel, config);
  requireSameTokens(policy, tokenizer, pairs);
  return model;
}

/** The engine asked for, and the frame that says so, with the reason where it is another. */
export async function openEngine(choice: EngineChoice): Promise<{ engine: Engine; frame: RunFrame }> {
  const { engine, fallback } = unwrap(await createEngine(choice));
  return { engine, frame: { type: 'engine', engine: engine.name, fallback } };
}

function requireTrainingPairs(
  training: readonly EncodedPair[],
  equal: WarningFrame | null,
  file: string,
): void {
  if (training.length > 0) return;
  if (equal !== null) {
    const { message, fix, suggestion } = equal;
    throw new FacetError({
      code: 'train.no-training-pairs',
      message: `No pairs are left to train on: ${message}`,
      fix,
      where: { file },
      ...(suggestion && { suggestion }),
    });
  }
  throw new FacetError({
    code: 'train.no-training-pairs',
    message: 'No pairs are left to train on after the held-out prompts are set aside.',
    fix: 'Use more pairs or hold out a smaller share.',
    where: { file },
  });
}

const smaller = (one: number | undefined, other: number | undefined): number | null =>
  one === undefined ? (other ?? null) : Math.min(one, other ?? one);

/** Rows of a step, and the shorter ones that they are computed in where memory ran out; a pair alone is never cut for it. */
function shapesFor(
  encoded: readonly EncodedPair[],
  { tokenBudget, batchPairs }: RunConfig,
  rowTokens: number | null,
): Pick<PreparedRun, 'shape' | 'stepShape' | 'rowTokens'> {
  const stepShape = chooseShape(encoded, tokenBudget, batchPairs);
  const most = rowTokens && Math.max(rowTokens, longestPair(encoded));
  if (most === null || most >= stepShape.tokens) return { shape: stepShape, stepShape, rowTokens: null };
  return { shape: chooseShape(encoded, most, batchPairs), stepShape, rowTokens: most };
}

/** Loads, splits and encodes; then makes the engine and its initial state. The caller disposes of the engine. Throws `job.stopped` where it is stopped before that. */
export async function* prepareRun(
  job: TrainJob,
  stop: AbortSignal = new AbortController().signal,
): AsyncGenerator<RunFrame, PreparedRun> {
  const { cacheDir, runDir, modelDir, datasetPath } = job;
  const { config: asked } = job;
  yield phase('load', 0, 3);
  await Promise.all([mkdir(runDir, { recursive: true }), mkdir(cacheDir, { recursive: true })]);
  const resumed = job.resume ? await resumePoint(runDir) : null;
  // A checkpoint holds what its run started from: that may be gone by now.
  const { model, tokenizer } = await openModel(modelDir, asked, async (opened) =>
    resumed ? resumed.checkpoint.start : startOfJob(job, opened, cacheDir),
  );
  requireRules(asked, model.info);
  const fingerprint = await weightsFingerprint(model, cacheDir);
  if (resumed) requireSameRun(resumed, asked, model.info, fingerprint);
  yield phase('load', 1, 3, resumed?.note);
  const pairs = await readPairs(datasetPath);
  const dataset = datasetFingerprint(pairs);
  if (resumed) requireSameDataset(resumed, dataset);
  const named = job.heldOutPromptsPath && (await readFile(job.heldOutPromptsPath, 'utf8'));
  const split = named
    ? splitByPrompts(pairs, new Set(JSON.parse(named) as string[]))
    : splitPairs(pairs, asked.heldOutShare, asked.seed);
  const limits = limitsFor(asked, encodeLimits(asked, model));
  const { encoded, refusedNote, complete } = yield* encodeAll(
    tokenizer,
    [...split.training, ...split.heldOut],
    limits,
    stop,
  );
  if (!complete) throw stopped();
  const notes = [summariseCuts(encoded).note, refusedNote].filter(Boolean);
  if (notes.length > 0) yield phase('tokenise', encoded.length, encoded.length, notes.join(' '));
  const { differing, equalIds } = withoutEqualReplies(encoded);
  const equal = equalRepliesWarning(equalIds, encoded.length, asked.maxReplyTokens);
  if (equal !== null) yield equal;
  const trainedOn = new Set(split.training.map(({ id }) => id));
  const [trained, others] = [true, false].map((isTrained) =>
    differing.filter(({ pairId }) => trainedOn.has(pairId) === isTrained),
  ) as [EncodedPair[], EncodedPair[]];
  requireTrainingPairs(trained, equal, datasetPath);
  const { training, heldOut } = examplesFor(
    asked,
    { training: trained, heldOut: others },
    encodeLimits(asked, model),
  );
  const examples = [...training, ...heldOut];

  // In the order of the file: that of the split changes with the seed, and what the backbone's states are kept under with it.
  const byId = new Map(examples.map((pair) => [pair.pairId, pair]));
  const { rowTokens, shape, stepShape } = shapesFor(
    pairs.flatMap(({ id }) => byId.get(id) ?? []),
    asked,
    smaller(job.rowTokens, resumed?.progress.rowTokens),
  );
  const sums = sumsRows(asked) || rowTokens !== null;
  const { epochs } = asked;
  const steps = epochs === null ? asked.steps : stepsOfEpochs(training, stepShape, { ...asked, epochs });
  const config: RunConfig = { ...asked, steps };
  const reference = await openReference(config, tokenizer, training);
  const warning = planMemory({ config, model, reference, shape, stepShape, sums, pairs: examples });
  if (warning !== null) yield warning;
  yield phase('load', 2, 3);
  const { engine, frame } = await openEngine(
    // `auto` may choose another one today, whose last digits differ.
    resumed && config.engine === 'auto' ? resumed.progress.engine : config.engine,
  );
  try {
    yield frame;
    const widened = widenedWarning(engine.name, model);
    if (widened !== null) yield widened;
    await setInitialEngineState(engine, config, model, sums);
    yield phase('load', 3, 3);
  } catch (error) {
    await engine.dispose();
    throw error;
  }
  const origins = new Map(pairs.map(({ id, source, aspect }) => [id, { source, aspect }]));
  return {
    config,
    model,
    reference,
    modelFingerprint: fingerprint,
    engine,
    shape,
    stepShape,
    sums,
    rowTokens,
    training,
    heldOut,
    heldOutPromptIds: split.heldOutPromptIds,
    pairsRead: pairs.length,
    originOf: (pairId) => origins.get(pairId) ?? { source: '', aspect: null },
    datasetFingerprint: dataset,
    cacheDir,
    resumed,
  };
}
