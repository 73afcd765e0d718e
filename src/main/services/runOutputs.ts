import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FacetError, unwrap } from '#core/result.ts';
import type { EngineChoice } from '#core/runConfig.ts';
import type { RunFrame } from '#core/runFrames.ts';
import { readFloats } from '#disk/bytes.ts';
import { readJsonLines, writeJsonLines } from '#disk/lines.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import type { StoredPairResult } from '../data/codeTable.ts';
import type { OpenProject } from './OpenProject.ts';

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

/** Stores the held-out pairs' figures of a run. */
export async function storePairResults(project: OpenProject, runId: number, path: string): Promise<void> {
  const results: StoredPairResult[] = [];
  for await (const result of readJsonLines(path, (row) => pairResultSchema.parse(row))) results.push(result);
  await project.writer.write(() => project.codes.putResults(runId, results));
}

export interface CodesRequest {
  readonly runId: number;
  /** Of the checkpoint. */
  readonly step: number;
  readonly runDir: string;
  readonly modelDir: string;
  readonly checkpointDir: string;
  readonly engine: EngineChoice;
  readonly onFrame: (frame: RunFrame) => void;
  readonly stop: AbortSignal;
}

/** Reads p(z|x) of every prompt of the project by a checkpoint and stores it. */
export async function storeCodes(
  project: OpenProject,
  compute: ComputeClient,
  request: CodesRequest,
): Promise<void> {
  const { runId, step, runDir, modelDir, checkpointDir, engine, onFrame, stop } = request;
  const prompts = project.codes.prompts();
  const promptsPath = join(runDir, 'prompts.jsonl');
  const outputPath = join(runDir, 'codes.f32');
  try {
    await writeJsonLines(
      promptsPath,
      prompts.map(({ id, messages }) => ({ id: String(id), messages })),
    );
    const title = `Codes of ${project.runs.get(runId).name}, step ${step}`;
    const job = { kind: 'codes', modelDir, checkpointDir, promptsPath, outputPath, engine } as const;
    const result = unwrap(await compute.run<'codes'>(job, { onFrame, stop, title }));
    const bytes = 4 * result.codes * prompts.length;
    if (result.prompts !== prompts.length || (await stat(outputPath)).size !== bytes) {
      throw new FacetError({
        code: 'codes.incomplete',
        message: `The codes of ${prompts.length} prompts were requested, but the file does not contain them.`,
        fix: 'Train again; if this keeps happening, report it.',
        where: { file: outputPath },
      });
    }
    const weights = await readFloats(outputPath);
    const promptIds = prompts.map(({ id }) => id);
    await project.writer.write(() =>
      project.codes.putActivations({ runId, step, promptIds, weights, codes: result.codes }),
    );
  } finally {
    await rm(promptsPath, { force: true });
    await rm(outputPath, { force: true });
  }
}
