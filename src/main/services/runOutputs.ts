import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { heldOutFile } from '#core/heldOutFile.ts';
import { FacetError, unwrap } from '#core/result.ts';
import type { EngineChoice } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { readInto } from '#disk/bytes.ts';
import { isMissing } from '#disk/failures.ts';
import { readJsonLines, writeJsonLines } from '#disk/lines.ts';
import { openFile } from '#disk/openFile.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import type { ComputeClient, Ticket } from '../compute/ComputeClient.ts';
import { type ActivationRows, SLICE_ROWS } from '../data/codeTable.ts';
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

/** Rows of the file that a job left, as many as one turn takes. */
async function* slicesOf(
  promptIds: readonly number[],
  weightsPath: string,
  codes: number,
): AsyncGenerator<ActivationRows> {
  const file = await openFile(weightsPath);
  try {
    for (let first = 0; first < promptIds.length; first += SLICE_ROWS) {
      const some = promptIds.slice(first, first + SLICE_ROWS);
      const weights = new Float32Array(some.length * codes);
      await readInto(file, new Uint8Array(weights.buffer), 4 * first * codes);
      yield { promptIds: some, weights };
    }
  } finally {
    await file.close();
  }
}

/** As one JSON array, a part at a time. */
function* jsonArray(values: readonly unknown[]): Generator<string> {
  yield '[';
  for (let first = 0; first < values.length; first += SLICE_ROWS) {
    const part = JSON.stringify(values.slice(first, first + SLICE_ROWS)).slice(1, -1);
    yield first === 0 ? part : `,${part}`;
  }
  yield ']';
}

/** Reads p(z|x) of every prompt of the project by a checkpoint and stores it. Stopped, it goes on from there the next time. */
export async function storeCodes(
  project: OpenProject,
  compute: ComputeClient,
  request: CodesRequest,
): Promise<void> {
  const { runId, step, runDir, modelDir, checkpointDir, engine, ticket, onFrame, stop } = request;
  const promptsPath = join(runDir, `prompts-${step}.jsonl`);
  const outputPath = join(runDir, `codes-${step}.f32`);
  const sourcesPath = join(runDir, `sources-${step}.json`);
  const promptIds: number[] = [];
  const sources: (string | null)[] = [];
  try {
    const trained = await trainedPrompts(runDir);
    // Read in pages, between which verdicts have their turn.
    function* rows(): Generator<{ id: string; messages: unknown }> {
      for (const { id, messages, source } of project.codes.eachPrompt()) {
        if (stop.aborted)
          throw new FacetError({ code: 'job.stopped', message: 'Stopped before it was finished.' });
        promptIds.push(id);
        sources.push(trained.has(id) ? source : null);
        yield { id: String(id), messages };
      }
    }
    await writeJsonLines(promptsPath, rows());
    await writeFileAtomic(sourcesPath, jsonArray(sources));
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
    const bytes = 4 * result.codes * promptIds.length;
    if (result.prompts !== promptIds.length || (await stat(outputPath)).size !== bytes) {
      throw new FacetError({
        code: 'codes.incomplete',
        message: `The codes of ${promptIds.length} prompts were requested, but the file does not contain them.`,
        fix: 'Read them again; if this keeps happening, report it.',
        where: { file: outputPath },
      });
    }
    const { codes, evidence = null, known } = result;
    if (known) {
      const kept = project.runs.checkpoints(runId).map((checkpoint) => checkpoint.step);
      await keepKnown(runDir, step, known, promptIds, kept);
    }
    const of = { runId, step, codes, evidence };
    for await (const piece of project.codes.putActivations(of, slicesOf(promptIds, outputPath, codes)))
      await project.writer.write(piece);
    for (const piece of project.figures.removeGone(runId)) await project.writer.write(piece);
  } finally {
    for (const path of [promptsPath, sourcesPath, outputPath]) await rm(path, { force: true });
  }
}
