/** The exported policy against transformers, per architecture, and against our own scoring and codes. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PreferencePair } from '#core/preference.ts';
import { unwrap } from '#core/result.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type LatentConfig, type RunConfig } from '#core/runConfig.ts';
import { openModelFolder } from '../../backbone/modelFolder.ts';
import { goldenDir, largestDifference } from '../../backbone/testModel.ts';
import { codesJob } from '../../jobs/codes.ts';
import { exportJob } from '../../jobs/export.ts';
import { scoreJob } from '../../jobs/score.ts';
import { CODE_LENGTH } from '../../method/heads.ts';
import { encodePair } from '../../packing/encode.ts';
import { encodeLimits, openModel } from '../../train/prepare.ts';
import { resultOf } from '../../train/testRun.ts';
import { checkpointOf, openBase, openSession, starterDir, tokenIds, writeAsItIs } from '../testExport.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-onnx-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the plain policy', () => {
  const inOneFile = readdirSync(join(goldenDir, 'models')).filter((name) => !name.endsWith('sharded'));
  it.each(inOneFile)('has the logits of transformers: %s', async (name) => {
    const dir = join(goldenDir, 'models', name);
    const golden = JSON.parse(readFileSync(join(dir, 'golden.json'), 'utf8')) as {
      ids: number[];
      lastLogits: number[];
    };
    // The folder with an empty tokenizer beside its weights: loading asks for one.
    const whole = join(folder, 'model');
    cpSync(dir, whole, { recursive: true });
    await writeFile(join(whole, 'tokenizer.json'), '{}');
    const { config } = await writeAsItIs(unwrap(await openModelFolder(whole)), folder);
    const session = await openSession(folder);
    // Two rows, the second padded on the right: neither changes what the first tokens give.
    const padded = [...golden.ids, 0, 0, 0];
    const { logits } = await session.run({ input_ids: tokenIds([padded, padded]) });
    const values = logits?.data as Float32Array;
    for (const row of [0, 1]) {
      const at = (row * padded.length + golden.ids.length - 1) * config.vocabulary;
      expect(largestDifference(values.subarray(at, at + config.vocabulary), golden.lastLogits)).toBeLessThan(
        1e-4,
      );
    }
    await session.release();
  });
});

const pairs: PreferencePair[] = [
  ['What is a kite?', 'A toy that flies on a string.', 'No idea, sorry.'],
  ['Tell me about rain.', 'It falls.', 'Rain is water that falls from clouds.'],
].map(([prompt, chosen, rejected], index) => ({
  id: String(index),
  promptId: String(index),
  source: 's',
  aspect: null,
  messages: [{ role: 'user', content: prompt as string }],
  chosen: chosen as string,
  rejected: rejected as string,
}));

/** log π of a reply by the exported policy, summed over its tokens. */
async function logp(session: ort.InferenceSession, prompt: Int32Array, reply: Int32Array): Promise<number> {
  const tokens = [...prompt, ...reply];
  const steered = session.inputMetadata.find(({ name }) => name === 'code_override');
  const wantsLength = session.inputNames.includes('prompt_length');
  const { logits } = await session.run({
    input_ids: tokenIds([tokens]),
    ...(steered && { code_override: new ort.Tensor('float32', new Float32Array(6), [1, 6]) }),
    ...(wantsLength && {
      prompt_length: new ort.Tensor('int64', BigInt64Array.of(BigInt(prompt.length)), [1]),
    }),
  });
  const vocabulary = logits?.dims[2] as number;
  const values = logits?.data as Float32Array;
  let total = 0;
  for (const [place, token] of reply.entries()) {
    const at = (prompt.length + place - 1) * vocabulary;
    const row = values.subarray(at, at + vocabulary);
    const largest = row.reduce((left, right) => Math.max(left, right));
    const sum = row.reduce((partial, value) => partial + Math.exp(value - largest), 0);
    total += (row[token] as number) - largest - Math.log(sum);
  }
  return total;
}

const kinds: [string, Partial<LatentConfig> | null][] = [
  ['no latent', null],
  ['codebook, mean', {}],
  ['codebook, last, argmax', { pooling: 'last', inference: 'argmax' }],
  ['codebook before the last two blocks', { injection: 'layers', injectionLayers: 2 }],
  ['gaussian', { kind: 'gaussian' }],
  ['mlp', { kind: 'mlp' }],
  [
    'codebook in chosen directions, linear prior, no posterior',
    { promptDirections: 8, codeDirections: 8, priorNetwork: 'linear', posterior: 'none' },
  ],
  ['mlp of chosen directions', { kind: 'mlp', promptDirections: 8 }],
  ['bias', { kind: 'bias' }],
];

describe('the policy with its latent', () => {
  it.each(kinds)(
    'rewards pairs and fires codes as our own engine does: %s',
    async (_, changed) => {
      const latent = changed && { ...DEFAULT_LATENT, codes: 6, ...changed };
      const config: RunConfig = { ...DEFAULT_RUN, latent, engine: 'onnx-cpu', loraRank: 4, tokenBudget: 256 };
      const checkpointDir = await checkpointOf(folder, config, (name) => (name === CODE_LENGTH ? 2 : 0.05));
      const job = { modelDir: starterDir, checkpointDir, engine: 'onnx-cpu' } as const;
      const { files } = await exportJob({
        kind: 'export',
        ...job,
        format: 'onnx',
        outputDir: join(folder, 'policy'),
        modelCard: '# Card',
      });
      expect(files.map(({ name }) => name)).toContain('policy.onnx.data');
      const session = await openSession(join(folder, 'policy'));

      const datasetPath = join(folder, 'pairs.jsonl');
      await writeFile(datasetPath, pairs.map((pair) => JSON.stringify(pair)).join('\n'));
      const outputPath = join(folder, 'scores.jsonl');
      const cacheDir = join(folder, 'cache');
      await resultOf(
        scoreJob({ kind: 'score', ...job, datasetPath, outputPath, cacheDir }, new AbortController().signal),
      );
      const scores = readFileSync(outputPath, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));

      const { model, tokenizer } = await openModel(starterDir);
      const base = await openBase(starterDir, join(folder, 'base'));
      for (const [index, pair] of pairs.entries()) {
        const { prompt, chosen, rejected } = encodePair(tokenizer, pair, encodeLimits(config, model));
        const reward = async (reply: Int32Array) =>
          config.beta * ((await logp(session, prompt, reply)) - (await logp(base, prompt, reply)));
        expect(await reward(chosen)).toBeCloseTo(scores[index].rewardChosen, 3);
        expect(await reward(rejected)).toBeCloseTo(scores[index].rewardRejected, 3);
      }

      if (latent?.kind === 'codebook') {
        const promptsPath = join(folder, 'prompts.jsonl');
        await writeFile(
          promptsPath,
          pairs.map(({ id, messages }) => JSON.stringify({ id, messages })).join('\n'),
        );
        const codesPath = join(folder, 'codes.f32');
        await resultOf(
          codesJob(
            { kind: 'codes', ...job, promptsPath, outputPath: codesPath },
            new AbortController().signal,
          ),
        );
        const data = readFileSync(codesPath);
        const expected = new Float32Array(
          data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength),
        );
        const { prompt } = encodePair(tokenizer, pairs[0] as PreferencePair, encodeLimits(config, model));
        const feeds = {
          input_ids: tokenIds([[...prompt]]),
          prompt_length: new ort.Tensor('int64', BigInt64Array.of(BigInt(prompt.length)), [1]),
        };
        const codes = (...values: number[]) => ({
          code_override: new ort.Tensor('float32', Float32Array.from(values), [1, 6]),
        });
        const plain = await session.run({ ...feeds, ...codes(0, 0, 0, 0, 0, 0) });
        expect(
          largestDifference(plain.code_weights?.data as Float32Array, expected.slice(0, 6)),
        ).toBeLessThan(1e-4);
        // Codes of one's own change the logits and leave p(z|x) as it is.
        const pinned = await session.run({ ...feeds, ...codes(0, 0, 3, 0, 0, 0) });
        expect(pinned.code_weights?.data).toEqual(plain.code_weights?.data);
        const moved = largestDifference(
          pinned.logits?.data as Float32Array,
          plain.logits?.data as Float32Array,
        );
        expect(moved).toBeGreaterThan(1e-3);
      }
      await session.release();
      await base.release();
    },
    30_000,
  );
});
