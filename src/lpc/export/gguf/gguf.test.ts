/** GGUF exports, read back by our own reader; tests/golden/check_gguf.py opens them by the gguf package. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeHeadsApart } from '#compute/stored/decode.ts';
import { GGUF_TYPES, quantise } from '#compute/stored/quantise.ts';
import type { ExportJob } from '#core/jobs.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { readConstant } from '../../backbone/safetensorsRead.ts';
import { goldenDir, largestDifference } from '../../backbone/testModel.ts';
import { openGguf } from '../../gguf/header.ts';
import { exportJob } from '../../jobs/export.ts';
import { encodePrompt } from '../../tokens/template.ts';
import { readCheckpoint } from '../../train/checkpoint.ts';
import { openModel } from '../../train/prepare.ts';
import { openExportSource } from '../source.ts';
import { checkpointOf, openBase, openSession, starterDir, tokenIds } from '../testExport.ts';
import { modelMetadata } from './modelMetadata.ts';
import { writeGgufModel } from './writeModel.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-gguf-out-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const RUN: RunConfig = { ...DEFAULT_RUN, latent: null, engine: 'onnx-cpu', loraRank: 4, loraAlpha: 6 };
const LATENT = { ...DEFAULT_LATENT, codes: 6 };
const golden = JSON.parse(readFileSync(join(goldenDir, 'gguf', 'quantised.json'), 'utf8')) as Record<
  'values' | 'Q8_0' | 'Q4_0',
  string
>;
const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(base64, 'base64'));

async function exported(config: RunConfig, changed: Pick<ExportJob, 'format' | 'type'>, name = 'out') {
  const outputDir = join(folder, name);
  const job = { kind: 'export', modelDir: starterDir, modelCard: '# Card', outputDir, ...changed } as const;
  return exportJob({ ...job, checkpointDir: await checkpointOf(folder, config) });
}

describe('blocks', () => {
  it.each(['Q8_0', 'Q4_0'] as const)('%s are those of the gguf package, to the bit', (type) => {
    const values = new Float32Array(bytesOf(golden.values).buffer);
    expect(quantise(values, type)).toEqual(bytesOf(golden[type]));
  });
});

describe('a model', () => {
  it.each(GGUF_TYPES)('as %s is one that can be trained here again, with the same tokens', async (type) => {
    await exported(RUN, { format: 'gguf', type });
    await exported(RUN, { format: 'merged' }, 'merged');
    const path = join(folder, 'out', `policy-${type}.gguf`);
    const [again, merged] = [await openModel(path), await openModel(join(folder, 'merged'))];
    expect(again.model.config).toMatchObject({
      ...merged.model.config,
      architecture: again.model.config.architecture,
      modelType: again.model.config.modelType,
      eosTokenIds: again.model.config.eosTokenIds,
    });
    const messages = [{ role: 'user', content: "It's 7 o'clock — naïve, don’t you think?\n\n 42!" }] as const;
    expect(encodePrompt(again.tokenizer, messages)).toEqual(encodePrompt(merged.tokenizer, messages));
    expect(again.tokenizer.endOfTurnId).toBe(merged.tokenizer.endOfTurnId);
    // Of the largest of a row's block: half a step of 4, 8 or 11 bits, and a little for its scale.
    const step = { F16: 2 ** -11, Q8_0: 1 / 250, Q4_0: 1 / 8 }[type] + 1e-3;
    for (const [name, constant] of Object.entries(merged.model.tensors)) {
      const wanted = await readConstant(constant);
      const found = await readConstant(again.model.tensors[name] as typeof constant);
      const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largestDifference(found, [...wanted]), name).toBeLessThanOrEqual(step * largest);
    }
  });

  it('of 16 bits gives the logits of the policy', async () => {
    await exported(RUN, { format: 'gguf', type: 'F16' });
    await exported(RUN, { format: 'onnx' }, 'onnx');
    const file = await openBase(join(folder, 'out', 'policy-F16.gguf'), join(folder, 'reopened'));
    const policy = await openSession(join(folder, 'onnx'));
    const feeds = { input_ids: tokenIds([[1, 5, 9, 33, 70, 2, 8]]) };
    const logitsOf = async (session: typeof file): Promise<Float32Array> =>
      ((await session.run(feeds)).logits as ort.Tensor).data as Float32Array;
    const [a, b] = [await logitsOf(file), await logitsOf(policy)];
    expect(largestDifference(a, [...b])).toBeLessThan(2e-2);
    await file.release();
    await policy.release();
  });

  it.each([
    ['llama', 'model.layers.0.self_attn.q_proj.weight'],
    // Stored with the 1 that the backbone adds.
    ['gemma3', 'model.layers.5.post_feedforward_layernorm.weight'],
    ['phi3', 'model.layers.1.self_attn.qkv_proj.weight'],
  ])('keeps metadata, rows and values of a GGUF file that it came from: %s', async (architecture, name) => {
    const base = join(goldenDir, 'gguf', `${architecture}.gguf`);
    const { model } = await openModel(base);
    const source = {
      model,
      config: { ...RUN, trainable: 'full' },
      weight: (name: string) => readConstant(model.tensors[name] as (typeof model.tensors)[string]),
    };
    await writeGgufModel(source as never, folder, 'F16');
    const [before, after] = [await openGguf(base), await openGguf(join(folder, 'policy-F16.gguf'))];
    const kept = [...before.metadata.keys()].filter((key) => !key.startsWith('general.'));
    for (const key of kept) expect(after.metadata.get(key), key).toEqual(before.metadata.get(key));
    expect(after.metadata.get('general.file_type')).toBe(1);
    const again = await openModel(join(folder, 'policy-F16.gguf'));
    const wanted = await readConstant(model.tensors[name] as (typeof model.tensors)[string]);
    const found = await readConstant(again.model.tensors[name] as (typeof model.tensors)[string]);
    expect(largestDifference(found, [...wanted])).toBeLessThan(1e-3);
  });

  it('states what llama.cpp must be told of Gemma 3, and refuses what it takes for granted otherwise', async () => {
    const { config } = (await openModel(join(goldenDir, 'gguf', 'gemma3.gguf'))).model;
    const stated = Object.fromEntries(modelMetadata(config));
    expect(stated).toMatchObject({
      'gemma3.context_length': { u32: 128 },
      'gemma3.attention.sliding_window': { u32: 3 },
      'gemma3.rope.freq_base': { f32: 1e6 },
      'gemma3.attention.key_length': { u32: 16 },
    });
    for (const changed of [{ layersWithoutWindow: [0, 1] }, { queryScale: 1 }])
      expect(() => modelMetadata({ ...config, ...changed })).toThrow('takes for granted');
  });

  it('states Phi’s rotation by its share and divisors, as it is read again', async () => {
    const { model } = await openModel(join(goldenDir, 'gguf', 'phi3.gguf'));
    expect(Object.fromEntries(modelMetadata(model.config))).toMatchObject({
      'phi3.rope.dimension_count': { u32: 12 },
      'phi3.rope.scaling.attn_factor': { f32: 1.25 },
      'phi3.rope.scaling.original_context_length': { u32: 64 },
      'phi3.attention.sliding_window': { u32: 5 },
    });
    const weight = (name: string) => readConstant(model.tensors[name] as (typeof model.tensors)[string]);
    await writeGgufModel({ model, config: { ...RUN, trainable: 'full' }, weight } as never, folder, 'F16');
    const again = await openModel(join(folder, 'policy-F16.gguf'));
    expect(again.model.config).toEqual(model.config);
  });

  it('says of z that it is not in the file, in the file too, and gives codes as biases', async () => {
    const { notes } = await exported({ ...RUN, latent: LATENT }, { format: 'gguf', type: 'Q8_0' });
    expect(notes[0]).toContain("can't carry the latent");
    expect(notes.at(-1)).toContain('logit_bias');
    const { metadata } = await openGguf(join(folder, 'out', 'policy-Q8_0.gguf'));
    expect(metadata.get('general.description')).toContain('not in this file');
    expect(metadata.get('facet.latent.carried')).toBe(false);
  });
});

describe('an adapter', () => {
  it('holds A as it is and B in the order of the file', async () => {
    await exported({ ...RUN, loraTargets: ['q_proj', 'down_proj'] }, { format: 'gguf-lora' });
    const { metadata, tensors } = await openGguf(join(folder, 'out', 'adapter.gguf'));
    expect(metadata.get('general.type')).toBe('adapter');
    expect(metadata.get('adapter.lora.alpha')).toBe(6);
    const { model } = await openModel(starterDir);
    expect(tensors.size).toBe(model.config.layers * 2 * 2);
    const b = tensors.get('blk.0.attn_q.weight.lora_b')!;
    const read = async (tensor: typeof b): Promise<Float32Array> =>
      readConstant({
        spec: { shape: tensor.shape, dtype: 'float32' },
        source: { kind: 'file', path: join(folder, 'out', 'adapter.gguf'), ...tensor },
      });
    const checkpoint = readdirSync(join(folder, 'checkpoints'))[0] as string;
    const { trained } = await readCheckpoint(join(folder, 'checkpoints', checkpoint));
    const bytes = new Uint8Array((await read(b)).slice().buffer);
    const apart = takeHeadsApart(bytes, model.config.heads, 4 * 4);
    expect(new Float32Array(apart.buffer)).toEqual(trained['lora.model.layers.0.self_attn.q_proj.b']?.data);
  });
});

describe('codes as biases', () => {
  it('add what z adds to the logits, and the prior gives the weights of the policy', async () => {
    const config = { ...RUN, trainable: 'heads', latent: LATENT } as const;
    await exported(config, { format: 'codebook' }, 'codebook');
    const { codes } = JSON.parse(readFileSync(join(folder, 'codebook', 'code-bias.json'), 'utf8'));
    await exported(config, { format: 'onnx' }, 'onnx');
    const policy = await openSession(join(folder, 'onnx'));
    const base = await openBase(starterDir, join(folder, 'base'));
    const input_ids = tokenIds([[1, 5, 9, 33, 70, 2, 8]]);
    const prompt_length = new ort.Tensor('int64', BigInt64Array.of(7n), [1]);
    const override = Float32Array.from({ length: 6 }, (_, code) => (code === 2 ? 1 : 0));
    const steered = await policy.run({
      input_ids,
      prompt_length,
      code_override: new ort.Tensor('float32', override, [1, 6]),
    });
    const plain = await base.run({ input_ids });
    const vocabulary = (steered.logits as ort.Tensor).dims.at(-1) as number;
    const last = (logits: ort.Tensor | undefined): Float32Array =>
      ((logits as ort.Tensor).data as Float32Array).slice(-vocabulary);
    const added = last(steered.logits).map((value, id) => value - (last(plain.logits)[id] as number));
    const mean = added.reduce((sum, value) => sum + value, 0) / vocabulary;
    for (const { id, bias } of codes[2].tokens.slice(0, 50))
      expect((added[id] as number) - mean).toBeCloseTo(bias, 3);
    const { weight } = await openExportSource(
      starterDir,
      join(folder, 'checkpoints', readdirSync(join(folder, 'checkpoints'))[0] as string),
    );
    expect((await weight('model.embed_tokens.weight')).length % vocabulary).toBe(0);
    const prior = await ort.InferenceSession.create(join(folder, 'codebook', 'prior.onnx'));
    const size = (await openModel(starterDir)).model.config.hiddenSize;
    const found = await prior.run({
      prompt_state: new ort.Tensor('float32', new Float32Array(size), [1, size]),
    });
    const sum = ((found.code_weights as ort.Tensor).data as Float32Array).reduce(
      (total, value) => total + value,
      0,
    );
    expect(sum).toBeCloseTo(1, 5);
    for (const session of [policy, base, prior]) await session.release();
  });
});

it.each([
  ['gguf', 'Q4_0', { trainable: 'heads', latent: LATENT }, 'export.not-this-run'],
  ['gguf-lora', undefined, { trainable: 'full' }, 'export.not-this-run'],
  ['gguf', 'BF16', {}, 'export.type'],
  ['peft', 'Q8_0', {}, 'export.type'],
] as const)('%s as %s of %o is refused and leaves nothing behind', async (format, type, changed, code) => {
  await expect(exported({ ...RUN, ...changed }, { format, type })).rejects.toMatchObject({
    failure: { code },
  });
  expect(existsSync(join(folder, 'out'))).toBe(false);
});
