import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NamedData, Tensor } from '#compute/program.ts';
import { randomSource } from '#core/random.ts';
import { type Result, unwrap } from '#core/result.ts';
import { modelFingerprint } from '#disk/modelFingerprint.ts';
import { needing } from '#disk/testNeeds.ts';
import { type BackboneRow, backboneHidden } from '../backbone/llama.ts';
import { openModelFolder } from '../backbone/modelFolder.ts';
import { linear } from '../backbone/ops.ts';
import {
  goldenDir,
  largestDifference,
  readGolden,
  runOnce,
  storiesDir,
  storiesMissing,
} from '../backbone/testModel.ts';
import { lmHeadName } from '../backbone/weightNames.ts';
import { openTokenizer } from '../tokens/tokenizer.ts';
import { modelTexts } from './place.ts';
import { ggufBytes } from './testGguf.ts';

const folder = join(goldenDir, 'gguf');
const golden = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8')) as Record<
  string,
  { readonly ids: readonly number[]; readonly logits: readonly (readonly number[])[] }
>;

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'facet-gguf-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const codeOf = (result: Result<unknown>): string | null => (result.ok ? null : result.failure.code);
const written = (bytes: Uint8Array, name = 'model.gguf'): string => {
  const path = join(dir, name);
  writeFileSync(path, bytes);
  return path;
};

describe('a byte-level vocabulary', () => {
  const cuts = JSON.parse(readFileSync(join(goldenDir, 'pre-tokenizers.json'), 'utf8')) as Record<
    string,
    {
      readonly tokens: readonly string[];
      readonly merges: readonly string[];
      readonly texts: readonly { readonly text: string; readonly ids: readonly number[] }[];
    }
  >;
  it.each(Object.entries(cuts))('cuts texts as %s does, by tokenizers’ own ids', async (name, golden) => {
    const metadata = {
      'general.architecture': 'phi3',
      'tokenizer.ggml.model': 'gpt2',
      'tokenizer.ggml.pre': name,
      'tokenizer.ggml.tokens': golden.tokens,
      'tokenizer.ggml.merges': golden.merges,
      'tokenizer.ggml.eos_token_id': 0,
      'tokenizer.ggml.token_type': { int: golden.tokens.map(() => 1) },
    };
    const count = golden.tokens.length;
    const embedding = { shape: [count, 1], type: 0, bytes: new Uint8Array(4 * count) };
    const path = written(ggufBytes(metadata, { 'token_embd.weight': embedding }));
    const tokenizer = unwrap(await openTokenizer(path));
    for (const { text, ids } of golden.texts) expect([...tokenizer.encode(text)], text).toEqual(ids);
  });
});

describe('a GGUF file as a model', () => {
  it.each(Object.keys(golden))('%s gives the logits of a float64 forward pass', async (architecture) => {
    const { ids, logits } = golden[architecture]!;
    const { config, tensors, info } = unwrap(await openModelFolder(join(folder, `${architecture}.gguf`)));
    const layers = architecture === 'gemma3' ? 6 : 2;
    expect(info).toMatchObject({ layers, hiddenSize: 256, vocabulary: 40, chatTemplate: false });
    expect(info.dtype.split('+')).toContain('Q4_K');
    const row: NamedData = {
      tokens: Int32Array.from(ids),
      positions: Int32Array.from(ids.keys()),
      pairOf: new Int32Array(ids.length),
      branch: new Int32Array(ids.length),
    };
    const outputs = await runOnce('onnx-cpu', row, tensors, (inputs, constants) => {
      const weight = (name: string): Tensor => constants[name] as Tensor;
      const hidden = backboneHidden(config, weight, inputs as unknown as BackboneRow);
      return { logits: linear(hidden, weight(lmHeadName(config))) };
    });
    // Logits reach 30: 1e-4 of that.
    expect(largestDifference(outputs.logits as Float32Array, logits.flat())).toBeLessThan(3e-3);
  });

  it('is found in a folder that holds it, and told from another by its bytes', async () => {
    copyFileSync(join(folder, 'qwen3.gguf'), join(dir, 'qwen3.gguf'));
    const { tensors } = unwrap(await openModelFolder(dir));
    expect(Object.values(tensors)[0]?.source).toMatchObject({ kind: 'file', path: join(dir, 'qwen3.gguf') });
    const first = await modelFingerprint(dir, dir);
    copyFileSync(join(folder, 'qwen2.gguf'), join(dir, 'qwen3.gguf'));
    expect(await modelFingerprint(dir, dir)).not.toBe(first);
    copyFileSync(join(folder, 'llama.gguf'), join(dir, 'llama.gguf'));
    expect(await openModelFolder(dir)).toMatchObject({
      failure: { code: 'model.several-files', message: expect.stringContaining('llama.gguf, qwen3.gguf') },
    });
  });
});

describe('the tokenizer of a GGUF file', () => {
  it('joins SentencePiece vocabularies by score as the original does', needing(storiesMissing), async () => {
    const { model } = JSON.parse(readFileSync(join(storiesDir, 'tokenizer.json'), 'utf8')) as {
      model: { vocab: Record<string, number>; merges: string[] };
    };
    const tokens = Object.entries(model.vocab)
      .sort(([, a], [, b]) => a - b)
      .map(([token]) => token);
    const rank = new Map(model.merges.map((merge, index) => [merge.replace(' ', ''), index]));
    const path = written(
      ggufBytes({
        'general.architecture': 'llama',
        'tokenizer.ggml.model': 'llama',
        'tokenizer.ggml.tokens': tokens,
        'tokenizer.ggml.scores': { float: tokens.map((token) => -(rank.get(token) ?? 1e6)) },
        'tokenizer.ggml.token_type': {
          int: tokens.map((token, id) => (id === 0 ? 2 : id < 3 ? 3 : /^<0x..>$/.test(token) ? 6 : 1)),
        },
        'tokenizer.ggml.bos_token_id': 1,
        'tokenizer.ggml.eos_token_id': 2,
      }),
    );
    // No tensors: the config can't be read, so the tokenizer is asked with its own two files.
    const read = await modelTexts(path);
    const tokenizer = unwrap(
      await openTokenizer(path, {
        read: async (asked) => (asked.endsWith('/config.json') ? null : read(asked)),
      }),
    );
    for (const [sentence, ids] of Object.entries(readGolden().encode))
      expect([...tokenizer.encode(sentence)]).toEqual(ids);
  });

  it('names a way of cutting texts that it lacks', async () => {
    const path = written(
      ggufBytes({
        'general.architecture': 'qwen2',
        'tokenizer.ggml.model': 'gpt2',
        'tokenizer.ggml.pre': 'made-up',
        'tokenizer.ggml.tokens': ['a', 'b'],
        'tokenizer.ggml.merges': ['a b'],
      }),
    );
    await expect((await modelTexts(path))('tokenizer.json')).rejects.toMatchObject({
      failure: { code: 'tokens.unsupported-tokenizer', message: expect.stringContaining('made-up') },
    });
  });
});

describe('a GGUF file that can’t be used', () => {
  const base = { 'general.architecture': 'llama', 'llama.block_count': 1 };

  it('names tensor and type that it does not read', async () => {
    const path = written(
      ggufBytes(base, { 'blk.0.ffn_up.weight': { shape: [1, 256], type: 10, bytes: new Uint8Array(84) } }),
    );
    expect(await openModelFolder(path)).toMatchObject({
      failure: {
        code: 'model.unsupported-tensor-type',
        message: expect.stringMatching(/"blk\.0\.ffn_up\.weight" is Q2_K/),
        where: { file: path, field: 'blk.0.ffn_up.weight' },
      },
    });
  });

  it('refuses architectures, other files and cut ones in words', async () => {
    expect(codeOf(await openModelFolder(written(ggufBytes({ 'general.architecture': 'mamba' }))))).toBe(
      'model.unsupported-architecture',
    );
    expect(codeOf(await openModelFolder(written(Buffer.from('GGUX and more'))))).toBe('model.bad-gguf');
    const cut = join(dir, 'cut.gguf');
    copyFileSync(join(folder, 'llama.gguf'), cut);
    truncateSync(cut, 100_000);
    expect(await openModelFolder(cut)).toMatchObject({
      failure: { code: 'model.bad-gguf', message: expect.stringContaining('after the file') },
    });
  });

  it('takes no memory for counts that the file has no room for', async () => {
    const bytes = ggufBytes({ ...base, 'tokenizer.ggml.tokens': ['a'] });
    const at = bytes.indexOf('tokenizer.ggml.tokens') + 'tokenizer.ggml.tokens'.length + 8;
    bytes.writeBigUInt64LE(2n ** 40n, at);
    expect(await openModelFolder(written(bytes))).toMatchObject({
      failure: {
        code: 'model.bad-gguf',
        message: expect.stringContaining('more than the file has room for'),
      },
    });
  });

  it('answers every damaged header with a failure or a model, never otherwise', async () => {
    const whole = readFileSync(join(folder, 'llama.gguf'));
    const random = randomSource({ seed: 7, stream: 'gguf-damage', counter: 0 });
    for (let round = 0; round < 300; round += 1) {
      const bytes = Buffer.from(whole);
      for (let change = 0; change <= random.integer(4); change += 1)
        bytes[random.integer(3000)] = random.integer(256);
      const result = await openModelFolder(written(bytes));
      if (!result.ok) expect(result.failure.code).toMatch(/^(model|tokens)\./);
      if (!result.ok) expect(result.failure.code).not.toBe('model.unreadable');
    }
  });
});
