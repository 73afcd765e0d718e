/** One cell by the compute processes: train, score the test pairs, read the codes of their prompts. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job, JobResults, PairResult } from '#core/jobs.ts';
import { codesOf } from '#core/methods.ts';
import { FacetError, unwrap } from '#core/result.ts';
import type { EngineName } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { readFloats } from '#disk/bytes.ts';
import { readJsonLines } from '#disk/lines.ts';
import type { ComputeClient, JobOf } from '../compute/ComputeClient.ts';
import { type CellStore, promptsOf } from './cellStore.ts';
import type { Cell, Measurement, PairOutcome, PromptCodes } from './types.ts';

export interface CellWork {
  readonly cell: Cell;
  readonly contentKey: string;
  readonly trainingSha256: string;
  readonly testSha256: string;
  readonly modelFingerprint: string;
  readonly codeVersion: string;
  readonly codeFingerprint: string;
}

export interface MeasureOptions {
  readonly compute: ComputeClient;
  readonly store: CellStore;
  readonly stop: AbortSignal;
  /** Share of the cell that is done, 0 … 1. */
  readonly onShare: (share: number) => void;
}

const stopped = (): FacetError =>
  new FacetError({ code: 'experiment.stopped', message: 'The cell was stopped before it finished.' });

/** Six digits are more than a figure is known to, and a third of the bytes. */
const rounded = (value: number): number => Number(value.toPrecision(6));

async function outcomes(path: string, promptOf: ReadonlyMap<string, string>): Promise<PairOutcome[]> {
  const found: PairOutcome[] = [];
  for await (const result of readJsonLines(path, (row) => row as PairResult)) {
    const { pairId, margin, posteriorMargin, swappedMargin, kl } = result;
    if (!Number.isFinite(margin)) {
      throw new FacetError({
        code: 'experiment.no-margin',
        message: `The margin of pair ${pairId} is not a number.`,
        fix: 'Lower the learning rate, or clip gradients harder.',
      });
    }
    found.push({
      pairId,
      promptId: promptOf.get(pairId) as string,
      margin: rounded(margin),
      posteriorMargin: posteriorMargin === null ? null : rounded(posteriorMargin),
      swappedMargin: swappedMargin === null ? null : rounded(swappedMargin),
      kl: kl === null ? null : rounded(kl),
    });
  }
  return found;
}

/** More values of h_x than this stay out of the stored result. */
const MOST_STATE_VALUES = 1_000_000;

async function readCodes(
  { outputPath, codes, stateSize = 0 }: JobResults['codes'],
  promptIds: readonly string[],
): Promise<PromptCodes> {
  const values = await readFloats(outputPath);
  const width = codes + stateSize;
  if (values.length !== width * promptIds.length) {
    throw new FacetError({
      code: 'codes.incomplete',
      message: `The codes of ${promptIds.length} prompts were requested, but the file does not contain them.`,
      where: { file: outputPath },
      fix: 'Run the experiment again; if this keeps happening, report it.',
    });
  }
  const columns = (from: number, to: number): number[] =>
    promptIds.flatMap((_, row) =>
      Array.from(values.subarray(row * width + from, row * width + to), (value) =>
        Number(value.toPrecision(4)),
      ),
    );
  const keepStates = stateSize > 0 && stateSize * promptIds.length <= MOST_STATE_VALUES;
  return {
    codes,
    promptIds,
    weights: columns(0, codes),
    ...(keepStates && { states: { size: stateSize, values: columns(codes, width) } }),
  };
}

/** Training is nearly all of a cell; what comes after it is shown as the last tenth. */
const TRAINING_SHARE = 0.9;

/** Throws `FacetError`; leaves nothing in the work folder either way. */
export async function measureCell(work: CellWork, options: MeasureOptions): Promise<Measurement> {
  const { cell, contentKey, trainingSha256, testSha256 } = work;
  const { compute, store, stop, onShare } = options;
  const { config, modelDir } = cell;
  const startedAt = performance.now();
  const warnings = new Map<string, string>();
  let engine: EngineName | null = null;
  const onFrame = (frame: RunFrame): void => {
    if (frame.type === 'engine') engine ??= frame.engine;
    if (frame.type === 'warning') warnings.set(frame.code, frame.message);
    if (frame.type === 'step') onShare((TRAINING_SHARE * frame.step) / frame.totalSteps);
  };
  const ask = async <K extends Job['kind']>(job: JobOf<K>): Promise<JobResults[K]> =>
    unwrap(await compute.run<K>(job, { onFrame, stop }));

  const data = cell.data();
  const folder = store.workDir(contentKey);
  try {
    const trained = await ask<'train'>({
      kind: 'train',
      config,
      modelDir,
      datasetPath: await store.pairFile(trainingSha256, data.training),
      runDir: join(folder, 'run'),
      cacheDir: store.cacheDir,
    });
    if (trained.stopped) throw stopped();
    const checkpoint = { modelDir, checkpointDir: trained.checkpointDir, engine: config.engine };
    onShare(TRAINING_SHARE);
    const scored = await ask<'score'>({
      kind: 'score',
      ...checkpoint,
      datasetPath: await store.pairFile(testSha256, data.test),
      outputPath: join(folder, 'scores.jsonl'),
      cacheDir: store.cacheDir,
    });
    const promptOf = new Map(data.test.map(({ id, promptId }) => [id, promptId]));
    const pairs = await outcomes(scored.outputPath, promptOf);
    onShare((1 + TRAINING_SHARE) / 2);
    let codes: PromptCodes | null = null;
    if (codesOf(config) !== null) {
      const read = await ask<'codes'>({
        kind: 'codes',
        ...checkpoint,
        promptsPath: await store.promptFile(testSha256, data.test),
        outputPath: join(folder, 'codes.f32'),
        withStates: true,
      });
      const promptIds = promptsOf(data.test).map(({ promptId }) => promptId);
      codes = await readCodes(read, promptIds);
    }
    if (engine === null) throw new TypeError('the run named no engine');
    return {
      contentKey,
      config,
      engine,
      modelFingerprint: work.modelFingerprint,
      trainingSha256,
      testSha256,
      trainingPairs: data.training.length,
      codeVersion: work.codeVersion,
      codeFingerprint: work.codeFingerprint,
      pairs,
      codes,
      warnings: [...warnings.values()],
      seconds: (performance.now() - startedAt) / 1000,
      at: new Date().toISOString(),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
