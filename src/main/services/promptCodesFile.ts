/** p(z|x) of every prompt of a file that need not be in the project. */

import { mkdir, rm } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Message } from '#core/preference.ts';
import { FacetError, unwrap } from '#core/result.ts';
import type { EngineChoice } from '#core/runConfig.ts';
import { readFloats } from '#disk/bytes.ts';
import { hashText } from '#disk/hash.ts';
import { writeJsonLines } from '#disk/lines.ts';
import type { ComputeClient, ComputeOptions } from '../compute/ComputeClient.ts';
import { readPromptFile } from '../import/readPrompts.ts';
import type { OpenProject } from './OpenProject.ts';

export interface PromptCodesRequest {
  readonly file: string;
  /** JSON Lines of `{id, weights}`; in the project's folder by default. */
  readonly outputPath?: string | undefined;
  readonly modelDir: string;
  readonly checkpointDir: string;
  readonly engine: EngineChoice;
}
export interface PromptCodesResult {
  readonly prompts: number;
  readonly codes: number;
  readonly outputPath: string;
}

function* codeLines(
  prompts: readonly { readonly id: string }[],
  weights: Float32Array,
  codes: number,
): Generator<{ id: string; weights: number[] }> {
  for (const [row, { id }] of prompts.entries()) {
    yield { id, weights: [...weights.subarray(row * codes, (row + 1) * codes)] };
  }
}

/** The same question has the same place, so that one that was broken off goes on where it was. */
export async function promptCodesFile(
  project: OpenProject,
  compute: ComputeClient,
  { file, outputPath, modelDir, checkpointDir, engine }: PromptCodesRequest,
  options: ComputeOptions = {},
): Promise<PromptCodesResult> {
  const prompts: readonly { id: string; messages: readonly Message[] }[] = await readPromptFile(file);
  const folder = join(project.filesDir, 'scores');
  await mkdir(folder, { recursive: true });
  const asked = hashText(JSON.stringify([prompts, modelDir, checkpointDir, engine]));
  const name = `${parse(file).name}-${asked.slice(0, 12)}`;
  const promptsPath = join(folder, `${name}.prompts.jsonl`);
  const weightsPath = join(folder, `${name}.f32`);
  const target = outputPath ?? join(folder, `${name}.codes.jsonl`);
  try {
    await writeJsonLines(promptsPath, prompts);
    const job = {
      kind: 'codes',
      modelDir,
      checkpointDir,
      promptsPath,
      outputPath: weightsPath,
      engine,
    } as const;
    const { codes } = unwrap(await compute.run<'codes'>(job, options));
    const weights = await readFloats(weightsPath);
    if (weights.length !== codes * prompts.length) {
      throw new FacetError({
        code: 'codes.incomplete',
        message: `The codes of ${prompts.length} prompts were requested, but the file does not contain them.`,
        fix: 'Ask again.',
        where: { file: weightsPath },
      });
    }
    await writeJsonLines(target, codeLines(prompts, weights, codes));
    await rm(weightsPath, { force: true });
    return { prompts: prompts.length, codes, outputPath: target };
  } finally {
    await rm(promptsPath, { force: true });
  }
}
