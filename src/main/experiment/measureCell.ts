/** One cell by a compute process: a training run, and what it says of the test pairs that it held out. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PairCodes, PairResult } from '#core/jobs.ts';
import { FacetError, unwrap } from '#core/result.ts';
import type { EngineName } from '#core/runConfig.ts';
import type { CausesFrame, RunFrame } from '#core/runFrames.ts';
import { readJsonLines } from '#disk/lines.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import { withoutMark } from './cellPairs.ts';
import { type CellStore, dataFilesName } from './cellStore.ts';
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
    const { margin, posteriorMargin, swappedMargin, kl } = result;
    const pairId = withoutMark(result.pairId);
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

/** Codes of the held-out prompts, each once, in the order of the pairs. */
async function readCodes(path: string, promptOf: ReadonlyMap<string, string>): Promise<PromptCodes> {
  const byPrompt = new Map<string, PairCodes>();
  for await (const row of readJsonLines(path, (line) => line as PairCodes)) {
    const promptId = promptOf.get(withoutMark(row.pairId)) as string;
    if (!byPrompt.has(promptId)) byPrompt.set(promptId, row);
  }
  const rows = [...byPrompt.values()];
  const size = rows[0]?.state.length ?? 0;
  return {
    codes: rows[0]?.weights.length ?? 0,
    promptIds: [...byPrompt.keys()],
    weights: rows.flatMap(({ weights }) => weights),
    ...(size > 0 &&
      size * rows.length <= MOST_STATE_VALUES && {
        states: { size, values: rows.flatMap(({ state }) => state) },
      }),
  };
}

/** What a run says on its way that its cell keeps. */
function frameReader(onShare: (share: number) => void) {
  const warnings = new Map<string, string>();
  const found: { engine: EngineName | null; causes: CausesFrame | null; firstLoss: number | null } = {
    engine: null,
    causes: null,
    firstLoss: null,
  };
  return {
    found,
    warnings,
    onFrame(frame: RunFrame): void {
      if (frame.type === 'engine') found.engine ??= frame.engine;
      if (frame.type === 'warning') warnings.set(frame.code, `${frame.message} ${frame.fix}`);
      if (frame.type === 'causes') found.causes = frame;
      if (frame.type !== 'step') return;
      if (frame.step === 1) found.firstLoss = frame.loss;
      onShare(frame.step / frame.totalSteps);
    },
  };
}

/**
 * One training run with the test pairs held out, so that what the run keeps of its backbone serves them too. Throws
 * `FacetError`; leaves nothing in the work folder either way.
 */
export async function measureCell(work: CellWork, options: MeasureOptions): Promise<Measurement> {
  const { cell, contentKey, trainingSha256, testSha256 } = work;
  const { compute, store, stop, onShare } = options;
  const { config, modelDir } = cell;
  const startedAt = performance.now();
  const { onFrame, found, warnings } = frameReader(onShare);
  const data = cell.data();
  const folder = store.workDir(contentKey);
  try {
    const job = {
      kind: 'train',
      config,
      modelDir,
      ...(await store.dataFiles(dataFilesName(trainingSha256, testSha256), data)),
      runDir: join(folder, 'run'),
      cacheDir: store.cacheDir,
    } as const;
    const trained = unwrap(await compute.run<'train'>(job, { onFrame, stop }));
    if (trained.stopped) throw stopped();
    const promptOf = new Map(data.test.map(({ id, promptId }) => [id, promptId]));
    const byId = new Map(
      (await outcomes(trained.pairResultsPath, promptOf)).map((pair) => [pair.pairId, pair]),
    );
    // Rows are packed as it suits the training pairs; outcomes are compared place by place.
    const pairs = data.test.flatMap(({ id }) => byId.get(id) ?? []);
    const { heldOutCodesPath } = trained;
    const { engine, causes, firstLoss } = found;
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
      codes: heldOutCodesPath === null ? null : await readCodes(heldOutCodesPath, promptOf),
      causes: causes?.causes ?? null,
      firstLoss,
      warnings: [...warnings.values()],
      seconds: (performance.now() - startedAt) / 1000,
      processorSeconds: trained.processorMs / 1000,
      at: new Date().toISOString(),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
