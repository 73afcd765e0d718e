/** What is generated from is what is trained: a reply's log-probability by decoding is that of the packed row. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type CodeChoice, DEFAULT_SAMPLING } from '#core/generation.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type LatentConfig, type RunConfig } from '#core/runConfig.ts';
import { checkpointOf, starterDir } from '../export/testExport.ts';
import { openPolicy } from '../jobs/policy.ts';
import type { EncodedPair } from '../packing/encode.ts';
import { packRows } from '../packing/pack.ts';
import { chooseShape } from '../packing/shape.ts';
import { evaluationProgram } from '../programs/evaluationProgram.ts';
import { encodePrompt } from '../tokens/template.ts';
import { optionsFor, ready } from '../train/programs.ts';
import { openGenerator } from './generator.ts';
import { drawReplies } from './replies.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-scores-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const LATENT: LatentConfig = { ...DEFAULT_LATENT, codes: 2 };
const RUN: RunConfig = { ...DEFAULT_RUN, engine: 'onnx-cpu', loraRank: 4, loraAlpha: 8, latent: LATENT };
const MESSAGES = [{ role: 'user' as const, content: 'How do I ask for a refund?' }];

/** Two replies by decoding: their ids, with the end of turn where it was drawn, and log-probabilities. */
async function decoded(checkpointDir: string, codes: CodeChoice, endlessTokens: number | null = null) {
  const opened = await openGenerator(starterDir, checkpointDir, 'onnx-cpu');
  const generator = endlessTokens === null ? opened : { ...opened, stops: new Set<number>() };
  try {
    const prompt = encodePrompt(generator.tokenizer, MESSAGES);
    const sampling = { ...DEFAULT_SAMPLING, maxTokens: endlessTokens ?? 24, seed: 3 };
    const requests = [0, 1].map((sample) => ({ prompt, sampling, codes, sample }));
    const { ids, replies } = await drawReplies(
      generator,
      requests,
      () => undefined,
      new AbortController().signal,
    );
    return { prompt, ids, logps: replies.map(({ logp }) => logp) };
  } finally {
    await generator.dispose();
  }
}

/** log π of both replies by the program that held-out pairs are evaluated with; `latent` false leaves z out. */
async function scored(
  checkpointDir: string,
  prompt: Int32Array,
  [chosen, rejected]: readonly Int32Array[],
  latent: boolean,
) {
  const policy = await openPolicy(starterDir, checkpointDir, 'onnx-cpu');
  try {
    const cut = { prompt: 0, chosen: 0, rejected: 0 };
    const pair: EncodedPair = {
      pairId: 'p',
      promptId: 'p',
      prompt,
      chosen: chosen!,
      rejected: rejected!,
      cut,
    };
    const shape = chooseShape([pair], 1024);
    const [row] = packRows([pair], shape);
    const config = { ...policy.config, ...(!latent && { latent: null }) };
    const options = optionsFor({ config, model: policy.model, shape }, policy.stage);
    const program = await ready(policy.engine, evaluationProgram(options));
    const { logps } = await program.run({
      ...row!.inputs,
      reference: new Float32Array(2 * shape.pairs),
    });
    return [...(logps as Float32Array).slice(0, 2)];
  } finally {
    await policy.dispose();
  }
}

/** Large where z is made, so that it changes what is likely. */
const stdOf = (name: string): number => (/^(model|lora|lm_head)/.test(name) ? 0.05 : 0.3);

const CASES: Readonly<Record<string, Partial<RunConfig>>> = {
  'heads, z at the head': { trainable: 'heads' },
  'adapter, z at the head': { trainable: 'lora' },
  'adapter on two modules, strongest code': {
    trainable: 'lora',
    loraTargets: ['q_proj', 'down_proj'],
    latent: { ...LATENT, inference: 'argmax' },
  },
  'all weights, z at the head': { trainable: 'full' },
  'adapter, z in the blocks': {
    trainable: 'lora',
    latent: { ...LATENT, injection: 'layers', injectionLayers: 2 },
  },
  'all weights, z in the blocks, from the last token': {
    trainable: 'full',
    latent: { ...LATENT, injection: 'layers', injectionLayers: 1, pooling: 'last' },
  },
  'a Gaussian latent': { trainable: 'heads', latent: { ...LATENT, kind: 'gaussian' } },
  'a vector of the prompt': { trainable: 'heads', latent: { ...LATENT, kind: 'mlp' } },
  'one free vector': { trainable: 'heads', latent: { ...LATENT, kind: 'bias' } },
};

const closeTo = (logps: readonly number[], expected: readonly number[], ids: readonly Int32Array[]): void => {
  for (const [reply, logp] of logps.entries())
    expect(Math.abs(logp - expected[reply]!) / ids[reply]!.length).toBeLessThan(1e-4);
};

it.each(Object.entries(CASES))('%s', async (_, changed) => {
  const checkpoint = await checkpointOf(folder, { ...RUN, ...changed }, stdOf);
  const withZ = await decoded(checkpoint, { mode: 'prior' });
  const expected = await scored(checkpoint, withZ.prompt, withZ.ids, true);
  closeTo(withZ.logps, expected, withZ.ids);
  // z matters for these very replies, so the two above agree with it and not for want of it.
  const otherwise = await scored(checkpoint, withZ.prompt, withZ.ids, false);
  expect(Math.abs(otherwise[0]! - expected[0]!)).toBeGreaterThan(0.05);

  const plain = await decoded(checkpoint, { mode: 'none' });
  closeTo(plain.logps, await scored(checkpoint, plain.prompt, plain.ids, false), plain.ids);
});

it('a reply that outgrows the room its cache began with', async () => {
  const checkpoint = await checkpointOf(folder, { ...RUN, trainable: 'heads' }, stdOf);
  const { prompt, ids, logps } = await decoded(checkpoint, { mode: 'prior' }, 300);
  expect(ids.map(({ length }) => length)).toEqual([300, 300]);
  closeTo(logps, await scored(checkpoint, prompt, ids, true), ids);
});
