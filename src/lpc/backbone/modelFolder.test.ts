import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { normals } from '#core/random.ts';
import type { Failure } from '#core/result.ts';
import { unwrap } from '#core/result.ts';
import { needing } from '#disk/testNeeds.ts';
import { type BackboneConfig, parseConfig } from './config.ts';
import { openModelFolder } from './modelFolder.ts';
import { openTensorFile, readConstant } from './safetensorsRead.ts';
import { type TensorToWrite, writeSafetensors } from './safetensorsWrite.ts';
import { storiesDir, storiesMissing } from './testModel.ts';
import { parameterCount, weightShapes } from './weightNames.ts';

const QWEN = {
  architectures: ['Qwen2ForCausalLM'],
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: 16,
  max_position_embeddings: 64,
  rms_norm_eps: 1e-6,
  rope_theta: 10000,
  tie_word_embeddings: false,
};

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'facet-model-'));
  writeFileSync(join(dir, 'tokenizer.json'), '{}');
});
afterEach(() => rmSync(dir, { recursive: true }));

const writeConfig = (change: Record<string, unknown> = {}): void =>
  writeFileSync(join(dir, 'config.json'), JSON.stringify({ ...QWEN, ...change }));

const randomTensors = (config: BackboneConfig): Record<string, TensorToWrite> =>
  Object.fromEntries(
    Object.entries(weightShapes(config)).map(([name, shape], counter) => [
      name,
      {
        shape,
        data: normals(
          { seed: 1, stream: name, counter },
          shape.reduce((a, b) => a * b, 1),
        ),
      },
    ]),
  );

async function failureOf(folder = dir): Promise<Failure> {
  const opened = await openModelFolder(folder);
  if (opened.ok) throw new Error('opened, but should have failed');
  return opened.failure;
}

describe('openModelFolder', () => {
  const config = parseConfig(QWEN, 'config.json');

  it('opens one file and reads the values written, biases and separate head included', async () => {
    writeConfig();
    const tensors = randomTensors(config);
    await writeSafetensors(join(dir, 'model.safetensors'), tensors);
    const model = unwrap(await openModelFolder(dir));
    expect(Object.keys(model.tensors)).toEqual(Object.keys(tensors));
    expect(model.tensors['model.layers.1.self_attn.k_proj.bias']?.spec.shape).toEqual([4]);
    expect(model.info).toMatchObject({
      architecture: 'Qwen2ForCausalLM',
      parameters: parameterCount(config),
      dtype: 'F32',
    });
    for (const [name, constant] of Object.entries(model.tensors)) {
      expect(await readConstant(constant)).toEqual(tensors[name]?.data);
    }
  });

  it('opens shards through their index', async () => {
    writeConfig();
    const entries = Object.entries(randomTensors(config));
    const shards = [entries.slice(0, 7), entries.slice(7)];
    const names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
    const map: Record<string, string> = {};
    for (const [index, shard] of shards.entries()) {
      await writeSafetensors(join(dir, names[index]!), Object.fromEntries(shard), { dtype: 'BF16' });
      for (const [name] of shard) map[name] = names[index]!;
    }
    writeFileSync(join(dir, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
    expect(unwrap(await openModelFolder(dir)).info.dtype).toBe('BF16');
    rmSync(join(dir, names[1]!));
    expect(await failureOf()).toMatchObject({
      code: 'model.missing-file',
      where: { file: join(dir, names[1]!) },
    });
    writeFileSync(
      join(dir, 'model.safetensors.index.json'),
      JSON.stringify({ weight_map: { a: '../a.safetensors' } }),
    );
    expect((await failureOf()).code).toBe('model.bad-index');
  });

  it('names file and tensor where weights and config disagree', async () => {
    writeConfig({ intermediate_size: 13 });
    await writeSafetensors(join(dir, 'model.safetensors'), randomTensors(config));
    const failure = await failureOf();
    expect(failure.code).toBe('model.wrong-tensor');
    expect(failure.where).toEqual({
      file: join(dir, 'model.safetensors'),
      field: 'model.layers.0.mlp.gate_proj.weight',
    });
    expect(failure.message).toContain('[12, 8], but the config asks for [13, 8]');
    writeConfig({ num_hidden_layers: 3 });
    expect(await failureOf()).toMatchObject({
      code: 'model.missing-tensor',
      where: { field: 'model.layers.2.input_layernorm.weight' },
    });
  });

  it.each([
    [{ architectures: ['MambaForCausalLM'] }, 'model.unsupported-architecture', 'architectures'],
    [{ rope_scaling: { rope_type: 'dynamic', factor: 2 } }, 'model.unsupported-rope', 'rope_scaling'],
    [{ rope_scaling: { rope_type: 'linear', factor: -2 } }, 'model.unsupported-rope', 'rope_scaling'],
    [{ hidden_size: '8' }, 'model.bad-config', 'hidden_size'],
    [{ hidden_size: 2 ** 40 }, 'model.bad-config', 'hidden_size'],
    [{ num_key_value_heads: 3 }, 'model.bad-config', 'num_key_value_heads'],
    [{ head_dim: 3 }, 'model.bad-config', 'head_dim'],
    [{ hidden_act: 'gelu' }, 'model.bad-config', 'hidden_act'],
    [{ quantization_config: { bits: 4 } }, 'model.bad-config', 'quantization_config'],
    [
      { use_sliding_window: true, sliding_window: 16, layer_types: ['full_attention', 'odd'] },
      'model.bad-config',
      'layer_types',
    ],
    [{ use_sliding_window: true, sliding_window: 0 }, 'model.bad-config', 'sliding_window'],
    [{ architectures: ['SmolLM3ForCausalLM'], no_rope_layers: [1] }, 'model.bad-config', 'no_rope_layers'],
  ])('refuses config %j', async (change, code, field) => {
    writeConfig(change);
    expect(await failureOf()).toMatchObject({ code, where: { file: join(dir, 'config.json'), field } });
  });

  it('says which file is missing', async () => {
    expect((await failureOf()).where?.file).toBe(join(dir, 'config.json'));
    writeConfig();
    writeFileSync(join(dir, 'pytorch_model.bin'), 'not opened');
    expect(await failureOf()).toMatchObject({
      code: 'model.pickled',
      where: { file: join(dir, 'pytorch_model.bin') },
    });
    rmSync(join(dir, 'pytorch_model.bin'));
    expect((await failureOf()).message).toContain('neither model.safetensors nor');
    rmSync(join(dir, 'tokenizer.json'));
    expect((await failureOf()).where?.file).toBe(join(dir, 'tokenizer.json'));
  });

  it('keeps values within half a step of each 16-bit format', async () => {
    const data = Float32Array.of(0, -0, 1, -1.5, 65504, 6e-8, 2.7, 1e-5, -2.7e4, 0.333333);
    for (const [dtype, step] of [
      ['F16', 2 ** -11],
      ['BF16', 2 ** -8],
    ] as const) {
      const path = join(dir, 'values.safetensors');
      await writeSafetensors(path, { x: { shape: [data.length], data } }, { dtype });
      const entry = (await openTensorFile(path)).entries.get('x')!;
      const read = await readConstant({
        spec: { shape: [data.length], dtype: 'float32' },
        source: { kind: 'file', path, offset: entry.offset, bytes: entry.bytes, dtype },
      });
      for (const [index, value] of data.entries()) {
        expect(Math.abs(read[index]! - value)).toBeLessThanOrEqual(Math.abs(value) * step + 2 ** -25);
      }
    }
  });
});

describe('stories260K', needing(storiesMissing), () => {
  it('tells of a truncated file before anything is read', async () => {
    for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors']) {
      if (existsSync(join(storiesDir, name))) {
        rmSync(join(dir, name), { force: true });
        copyFileSync(join(storiesDir, name), join(dir, name));
      }
    }
    expect(unwrap(await openModelFolder(dir)).info).toMatchObject({
      parameters: 260032,
      layers: 5,
      chatTemplate: false,
    });
    const weights = join(dir, 'model.safetensors');
    for (const bytes of [1_000_000, 3000, 100, 8, 5, 0]) {
      truncateSync(weights, bytes);
      expect(await failureOf()).toMatchObject({ code: 'model.bad-safetensors', where: { file: weights } });
    }
    rmSync(weights);
    mkdirSync(weights);
    expect((await failureOf()).code).toBe('model.missing-file');
  });
});
