import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CodesResult } from '#core/jobs.ts';
import { readFloats } from '#disk/bytes.ts';
import { modelFingerprint } from '#disk/modelFingerprint.ts';
import { needing } from '#disk/testNeeds.ts';
import { largestDifference, storiesDir, storiesMissing } from '../backbone/testModel.ts';
import { encodePair, encodePromptOnly } from '../packing/encode.ts';
import { encodeLimits, openModel } from '../train/prepare.ts';
import { keepPromptStates, openPromptStates, promptStatePlace } from '../train/promptStates.ts';
import { promptKey } from '../train/referenceCache.ts';
import { type FinishedRun, LATENT, politePairs, runIn, temporaryRoot } from '../train/testRun.ts';
import { runJob } from './runJob.ts';

const messagesOf = (content: string) => [{ role: 'user' as const, content }];
const unseen = ['A prompt that no pair has.', 'once upon a time '.repeat(80)].map(messagesOf);
// The second pair's replies leave its prompt less room than it has alone.
const pairs = politePairs(24).map((pair, place) =>
  place === 1
    ? {
        ...pair,
        messages: messagesOf(pair.messages[0]!.content.repeat(12)),
        chosen: pair.chosen.repeat(20),
        rejected: pair.rejected.repeat(20),
      }
    : pair,
);
const prompts = [...pairs.map(({ messages }) => messages), ...unseen];

let root = '';
let remove: () => Promise<void> = async () => undefined;
let heads: FinishedRun;
let promptsPath = '';
beforeAll(async () => {
  if (storiesMissing) return;
  ({ root, remove } = await temporaryRoot());
  heads = await runIn(root, pairs, { trainable: 'heads', steps: 30, tokenBudget: 128 });
  promptsPath = join(root, 'prompts.jsonl');
  await writeFile(promptsPath, prompts.map((messages) => JSON.stringify({ id: 'p', messages })).join('\n'));
});
afterAll(() => remove());

async function codesOf(run: FinishedRun, name: string, cacheDir?: string): Promise<Float32Array> {
  const { outputPath } = (await runJob(
    {
      kind: 'codes',
      modelDir: storiesDir,
      checkpointDir: run.result.checkpointDir,
      promptsPath,
      outputPath: join(root, name),
      withStates: true,
      engine: 'onnx-cpu',
      ...(cacheDir !== undefined && { cacheDir }),
    },
    () => undefined,
    new AbortController().signal,
  )) as CodesResult;
  return readFloats(outputPath);
}

async function placeOf(run: FinishedRun, cacheDir: string) {
  const fingerprint = await modelFingerprint(storiesDir, cacheDir);
  return promptStatePlace(cacheDir, {
    modelFingerprint: fingerprint,
    config: run.job.config,
    engine: { name: 'onnx-cpu' },
  });
}

async function encodedPrompts({ job: { config } }: FinishedRun) {
  const { model, tokenizer } = await openModel(storiesDir);
  const limits = encodeLimits(config, model);
  const whole = prompts.map((messages) => encodePromptOnly(tokenizer, { id: 'p', messages }, limits).prompt);
  const inPairs = pairs.map((pair) => encodePair(tokenizer, pair, limits).prompt);
  return { keys: whole.map(promptKey), isWhole: whole.map((ids, at) => ids.length === inPairs[at]?.length) };
}

describe('known states of prompts on stories260K', needing(storiesMissing), () => {
  it('reads h_x of the run’s prompts where it has been, and gives what the backbone gives', async () => {
    const { cacheDir } = heads.job;
    const { keys, isWhole } = await encodedPrompts(heads);
    const knownOf = async () => {
      const stored = await openPromptStates(await placeOf(heads, cacheDir));
      const known = keys.map((key) => stored?.has(key) === true);
      await stored?.close();
      return known;
    };
    // Prompts of both parts of the split, but those that their replies had shortened, and those of no pair.
    expect(await knownOf()).toEqual(isWhole);
    expect(isWhole[1]).toBe(false);
    expect(isWhole).toContain(true);
    const alone = await codesOf(heads, 'alone.f32');
    const read = await codesOf(heads, 'read.f32', cacheDir);
    expect(largestDifference(read, alone)).toBeLessThan(1e-5);
    // What was missing is there for the next checkpoint.
    expect(await knownOf()).toEqual(prompts.map(() => true));
    expect(largestDifference(await codesOf(heads, 'again.f32', cacheDir), alone)).toBeLessThan(1e-5);
  });

  it('asks the backbone where the run changed it, and not where it rested', async () => {
    const cacheDir = join(root, 'zeros');
    const settings = { trainable: 'lora', steps: 4, tokenBudget: 128 } as const;
    const lora = await runIn(root, pairs, settings);
    const { keys } = await encodedPrompts(heads);
    const zeros = new Float32Array(64);
    await keepPromptStates(
      await placeOf(heads, cacheDir),
      new Map(keys.map((key) => [key, key])),
      async () => zeros,
    );
    const width = LATENT.codes + zeros.length;
    const rows = await codesOf(heads, 'zeros.f32', cacheDir);
    for (let row = 0; row < prompts.length; row++)
      expect(rows.subarray(row * width, (row + 1) * width)).toEqual(rows.subarray(0, width));
    expect(rows.subarray(LATENT.codes, width)).toEqual(zeros);
    const own = await codesOf(lora, 'lora.f32', cacheDir);
    expect(own).toEqual(await codesOf(lora, 'lora-alone.f32'));
    expect(own.subarray(LATENT.codes, width)).not.toEqual(zeros);
    await expect(readFile(join(root, 'lora.f32.note'))).rejects.toThrow();
  });
});
