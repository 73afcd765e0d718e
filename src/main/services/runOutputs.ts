import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { heldOutFile } from '#core/heldOutFile.ts';
import { FacetError, unwrap } from '#core/result.ts';
import type { EngineChoice } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { readFloats } from '#disk/bytes.ts';
import { isMissing } from '#disk/failures.ts';
import { readJsonLines, writeJsonLines } from '#disk/lines.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import type { ComputeClient, Ticket } from '../compute/ComputeClient.ts';
import type { StoredPairResult } from '../data/figureTable.ts';
import { keepKnown, knownStatesPath, trainedPrompts } from './knownPrompts.ts';
import type { OpenProject } from './OpenProject.ts';
import { runDirectory } from './runCheckpoint.ts';

const pairResultSchema = z.object({
  pairId: z.string(),
  margin: z.number(),
  rewardChosen: z.number(),
  rewardRejected: z.number(),
  logpChosen: z.number(),
  logpRejected: z.number(),
  posteriorMargin: z.number().nullable(),
  swappedMargin: z.number().nullable(),
  kl: z.number().nullable(),
}) satisfies z.ZodType<StoredPairResult>;

/** Held-out pairs as a step left them; null where it did not measure any. */
async function resultsAt(runDir: string, step: number): Promise<StoredPairResult[] | null> {
  const results: StoredPairResult[] = [];
  try {
    const path = join(runDir, heldOutFile(step));
    for await (const result of readJsonLines(path, (row) => pairResultSchema.parse(row)))
      results.push(result);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  return results;
}

/** Stores the held-out pairs' figures of every checkpoint that a run keeps, and takes away those of others. */
export async function storeKeptResults(project: OpenProject, runId: number): Promise<void> {
  const stored = project.figures.resultSteps(runId);
  const kept = new Set(project.runs.checkpoints(runId).map(({ step }) => step));
  for (const step of kept) {
    if (stored.includes(step)) continue;
    const results = await resultsAt(runDirectory(project, runId), step);
    if (results !== null && results.length > 0)
      await project.writer.write(() => project.figures.putResults(runId, step, results));
  }
  for (const piece of project.figures.removeGone(runId)) await project.writer.write(piece);
}

export interface CodesRequest {
  readonly runId: number;
  /** Of the checkpoint. */
  readonly step: number;
  readonly runDir: string;
  readonly modelDir: string;
  readonly checkpointDir: string;
  readonly engine: EngineChoice;
  readonly ticket: Ticket;
  readonly onFrame: (frame: RunFrame) => void;
  readonly stop: AbortSignal;
}

/** Reads p(z|x) of every prompt of the project by a checkpoint and stores it. Stopped, it goes on from there the next time. */
export async function storeCodes(
  project: OpenProject,
  compute: ComputeClient,
  request: CodesRequest,
): Promise<void> {
  const { runId, step, runDir, modelDir, checkpointDir, engine, ticket, onFrame, stop } = request;
  const prompts = project.codes.prompts();
  const promptsPath = join(runDir, `prompts-${step}.jsonl`);
  const outputPath = join(runDir, `codes-${step}.f32`);
  const sourcesPath = join(runDir, `sources-${step}.json`);
  try {
    await writeJsonLines(
      promptsPath,
      prompts.map(({ id, messages }) => ({ id: String(id), messages })),
    );
    const trained = await trainedPrompts(runDir);
    const sources = prompts.map(({ id, source }) => (trained.has(id) ? source : null));
    await writeFileAtomic(sourcesPath, [JSON.stringify(sources)]);
    const cacheDir = join(project.filesDir, 'cache');
    const paths = {
      promptsPath,
      sourcesPath,
      knownPath: knownStatesPath(runDir, step),
      outputPath,
      cacheDir,
    };
    const job = { kind: 'codes', modelDir, checkpointDir, ...paths, engine } as const;
    const title = `Codes of ${project.runs.get(runId).name}, step ${step}`;
    const about = { runId, step };
    const result = unwrap(await compute.run<'codes'>(job, { onFrame, stop, title, about, ticket }));
    const bytes = 4 * result.codes * prompts.length;
    if (result.prompts !== prompts.length || (await stat(outputPath)).size !== bytes) {
      throw new FacetError({
        code: 'codes.incomplete',
        message: `The codes of ${prompts.length} prompts were requested, but the file does not contain them.`,
        fix: 'Read them again; if this keeps happening, report it.',
        where: { file: outputPath },
      });
    }
    const weights = await readFloats(outputPath);
    const promptIds = prompts.map(({ id }) => id);
    const { codes, evidence = null, known } = result;
    const kept = project.runs.checkpoints(runId).map((checkpoint) => checkpoint.step);
    if (known) await keepKnown(runDir, step, known, promptIds, kept);
    const pieces = project.codes.putActivations({ runId, step, promptIds, weights, codes, evidence });
    for (const piece of pieces) await project.writer.write(piece);
    for (const piece of project.figures.removeGone(runId)) await project.writer.write(piece);
  } finally {
    for (const path of [promptsPath, sourcesPath]) await rm(path, { force: true });
    await rm(outputPath, { force: true });
  }
}
