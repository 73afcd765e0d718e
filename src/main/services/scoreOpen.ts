/** Scores pairs that nobody has decided by a run, for a queue by need. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CheckpointKind } from '#core/bestCheckpoint.ts';
import type { ScoreResult } from '#core/jobs.ts';
import { type Result, unwrap } from '#core/result.ts';
import { isMissing } from '#disk/failures.ts';
import { readLines, writeJsonLines } from '#disk/lines.ts';
import type { PassFrame } from '#shared/dataEntities.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import { FrameQueue } from '../compute/FrameQueue.ts';
import { type NeedScore, needScores } from '../data/needScores.ts';
import { preferencePairs } from '../data/trainingPairs.ts';
import { inTransaction } from '../data/transaction.ts';
import type { ModelService } from './modelService.ts';
import type { OpenProject } from './OpenProject.ts';
import { chosenPolicy } from './policyChoice.ts';
import { checkpointAt } from './runCheckpoint.ts';

export interface ScoredOpen {
  readonly scored: number;
}
interface Options {
  readonly project: OpenProject;
  readonly compute: ComputeClient;
  readonly models: ModelService;
  readonly runId: number;
  /** Absent: the last. */
  readonly kind?: CheckpointKind | undefined;
  /** At most so many pairs. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

const rowSchema = z.object({
  pairId: z.string(),
  margin: z.number(),
  posteriorMargin: z.number().nullable(),
  swappedMargin: z.number().nullable(),
});

/** Whatever the job wrote whole, also where it was stopped. */
async function readScores(path: string): Promise<NeedScore[]> {
  const scores: NeedScore[] = [];
  try {
    for await (const { text, isWhole } of readLines(path)) {
      if (!isWhole) break;
      const row = rowSchema.safeParse(JSON.parse(text));
      if (!row.success) continue;
      const { pairId, margin, posteriorMargin, swappedMargin } = row.data;
      const moves = [posteriorMargin, swappedMargin].flatMap((moved) =>
        moved === null ? [] : [Math.abs(moved - margin)],
      );
      const gap = moves.length === 0 ? null : moves.reduce((sum, move) => sum + move, 0) / moves.length;
      scores.push({ pairId: Number(pairId), margin: Math.abs(margin), gap });
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return scores;
}

/** Rows are written so many at a time: a verdict waits for no more. */
const ROWS_AT_ONCE = 500;

export async function* scoreOpen(options: Options): AsyncGenerator<PassFrame<ScoredOpen>, void> {
  const { project, compute, models, runId, kind, limit, signal } = options;
  const { modelId } = project.runs.get(runId);
  const { modelDir, checkpointDir, engine } = chosenPolicy(project, models, {
    modelId,
    runId,
    checkpoint: kind,
  });
  const table = needScores(project.database);
  const checkpoint = { runId, step: checkpointAt(project, runId, kind ?? null).step };
  const open = table.open(checkpoint, limit);
  const total = open.length;
  if (total === 0) {
    yield { type: 'done', result: { scored: 0 } };
    return;
  }
  const folder = join(project.filesDir, 'scores');
  const datasetPath = join(folder, `open-${runId}.pairs.jsonl`);
  const outputPath = join(folder, `open-${runId}.jsonl`);
  await mkdir(folder, { recursive: true });
  await rm(outputPath, { force: true });
  await writeJsonLines(
    datasetPath,
    preferencePairs(project.database, open, () => undefined),
  );
  const frames = new FrameQueue<PassFrame<ScoredOpen>>();
  const left = new AbortController();
  const stop = AbortSignal.any([left.signal, project.closing.signal, ...(signal ? [signal] : [])]);
  const cacheDir = join(project.filesDir, 'cache');
  const job = { kind: 'score', modelDir, checkpointDir, datasetPath, outputPath, cacheDir, engine } as const;
  const running: Promise<Result<ScoreResult>> = compute
    .run<'score'>(job, {
      stop,
      onFrame: (frame) => {
        if (frame.type === 'phase') frames.push({ type: 'progress', done: frame.done, total: frame.total });
      },
    })
    .finally(() => frames.end());
  project.track(running);
  let scored = 0;
  const keep = async (): Promise<void> => {
    const scores = await readScores(outputPath);
    scored = scores.length;
    for (let from = 0; from < scores.length; from += ROWS_AT_ONCE) {
      const some = scores.slice(from, from + ROWS_AT_ONCE);
      await project.writer.write(() => inTransaction(project.database, () => table.put(checkpoint, some)));
    }
  };
  try {
    yield* frames.read();
    const result = await running;
    await keep();
    unwrap(result);
    yield { type: 'done', result: { scored } };
  } finally {
    left.abort();
    await running;
    if (scored === 0 && !project.closing.signal.aborted) await keep();
    await rm(datasetPath, { force: true });
    await rm(outputPath, { force: true });
  }
}
