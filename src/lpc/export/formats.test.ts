/** Adapter, merged folder and codebook, read back by our own loader. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addLowRank } from '#compute/stored/lowRank.ts';
import { DEFAULT_LATENT, DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { openTensorFile, readConstant } from '../backbone/safetensorsRead.ts';
import { largestDifference } from '../backbone/testModel.ts';
import { exportJob } from '../jobs/export.ts';
import { openModel } from '../train/prepare.ts';
import { checkpointOf, openBase, openSession, starterDir, tokenIds } from './testExport.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-export-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const RUN: RunConfig = { ...DEFAULT_RUN, latent: null, engine: 'onnx-cpu', loraRank: 4, loraAlpha: 6 };
const LATENT = { ...DEFAULT_LATENT, codes: 6 };

async function exported(config: RunConfig, format: 'peft' | 'merged' | 'onnx' | 'codebook') {
  const outputDir = join(folder, format);
  const job = { kind: 'export', modelDir: starterDir, modelCard: '# Card', format, outputDir } as const;
  return exportJob({ ...job, checkpointDir: await checkpointOf(folder, config) });
}
const prompt = tokenIds([[1, 5, 9, 33, 70, 2, 8]]);

async function tensorsOf(
  path: string,
): Promise<Record<string, { shape: readonly number[]; data: Float32Array }>> {
  const { entries } = await openTensorFile(path);
  const found: Record<string, { shape: readonly number[]; data: Float32Array }> = {};
  for (const { name, shape, offset, bytes } of entries.values()) {
    const source = { kind: 'file', path, offset, bytes, dtype: 'F32' } as const;
    found[name] = { shape, data: await readConstant({ spec: { shape, dtype: 'float32' }, source }) };
  }
  return found;
}

describe('a merged folder', () => {
  it.each(['lora', 'full'] as const)('gives the logits of the policy: %s', async (trainable) => {
    const config = { ...RUN, trainable };
    const { notes } = await exported(config, 'merged');
    expect(notes.join(' ')).toContain('float32');
    await exported(config, 'onnx');
    const { model } = await openModel(join(folder, 'merged'));
    expect(model.info.dtype).toBe('F32');
    const merged = await openBase(join(folder, 'merged'), join(folder, 'reopened'));
    const policy = await openSession(join(folder, 'onnx'));
    const base = await openBase(starterDir, join(folder, 'base'));
    const logits = async (session: typeof merged) =>
      (await session.run({ input_ids: prompt })).logits?.data as Float32Array;
    expect(largestDifference(await logits(merged), await logits(policy))).toBeLessThan(1e-4);
    expect(largestDifference(await logits(merged), await logits(base))).toBeGreaterThan(0.1);
    for (const session of [merged, policy, base]) await session.release();
  });

  it('says that it carries no z, and brings prior and codebook beside it', async () => {
    const { notes, files } = await exported({ ...RUN, latent: LATENT }, 'merged');
    expect(notes[0]).toContain("can't carry the latent");
    expect(files.map(({ name }) => name)).toContain('latent.safetensors');
    const card = readFileSync(join(folder, 'merged', 'README.md'), 'utf8');
    expect(card).toMatch(/^# Card/);
    expect(card).toContain("can't carry the latent");
    expect(card).toContain('| `codebook` | 6 × ');
  });
});

describe('an adapter', () => {
  it('holds A and B under the names that PEFT reads', async () => {
    const config: RunConfig = { ...RUN, loraTargets: ['q_proj', 'down_proj'], loraDropout: 0.1 };
    await exported(config, 'peft');
    const stated = JSON.parse(readFileSync(join(folder, 'peft', 'adapter_config.json'), 'utf8'));
    expect(stated).toMatchObject({
      peft_type: 'LORA',
      r: 4,
      lora_alpha: 6,
      lora_dropout: 0.1,
      target_modules: ['down_proj', 'q_proj'],
    });
    expect(existsSync(join(folder, 'peft', 'tokenizer.json'))).toBe(true);
    const tensors = await tensorsOf(join(folder, 'peft', 'adapter_model.safetensors'));
    const { model } = await openModel(starterDir);
    expect(Object.keys(tensors)).toHaveLength(model.config.layers * 2 * 2);
    const name = 'base_model.model.model.layers.0.self_attn.q_proj';
    expect(tensors[`${name}.lora_A.weight`]?.shape).toEqual([4, model.config.hiddenSize]);
    expect(tensors[`${name}.lora_B.weight`]?.shape[1]).toBe(4);
  });

  it('names its base by hub and commit where they are known, and says where they are not', async () => {
    const base = { name: 'owner/name', revision: 'a'.repeat(40) };
    const stated = (place: string) =>
      JSON.parse(readFileSync(join(folder, place, 'adapter_config.json'), 'utf8'));
    const { notes } = await exported(RUN, 'peft');
    expect(notes).toEqual([expect.stringContaining('--base')]);
    expect(stated('peft')).toMatchObject({ base_model_name_or_path: 'starter', revision: null });
    const checkpointDir = await checkpointOf(folder, RUN);
    const job = { kind: 'export', modelDir: starterDir, modelCard: '# Card', format: 'peft' } as const;
    const known = await exportJob({ ...job, base, checkpointDir, outputDir: join(folder, 'known') });
    expect(known.notes).toEqual([]);
    expect(stated('known')).toMatchObject({ base_model_name_or_path: base.name, revision: base.revision });
  });

  it('merges as W + scale·B A', () => {
    const merged = addLowRank(
      Float32Array.of(1, 2, 3, 4, 5, 6),
      { a: Float32Array.of(1, 0, 2, 0, 1, 1), b: Float32Array.of(1, 2, 0, 3), rank: 2, scale: 0.5 },
      2,
    );
    expect([...merged]).toEqual([1.5, 3, 5, 4, 6.5, 7.5]);
  });
});

describe('a codebook', () => {
  it('comes with its layout and settings', async () => {
    const { files } = await exported({ ...RUN, trainable: 'heads', latent: LATENT }, 'codebook');
    expect(files.map(({ name }) => name)).toEqual([
      'README.md',
      'code-bias.json',
      'latent.safetensors',
      'manifest.json',
      'prior.onnx',
    ]);
    const tensors = await tensorsOf(join(folder, 'codebook', 'latent.safetensors'));
    const { model } = await openModel(starterDir);
    expect(tensors.codebook?.shape).toEqual([6, model.config.hiddenSize]);
    expect(tensors['prior.output.weight']?.shape).toEqual([6, model.config.hiddenSize]);
  });
});

describe('what a run cannot become', () => {
  it.each([
    ['peft', { trainable: 'heads', latent: LATENT }, 'no LoRA adapter'],
    ['peft', { trainable: 'full' }, 'no LoRA adapter'],
    ['merged', { trainable: 'heads', latent: LATENT }, 'a copy of the base model'],
    ['codebook', {}, 'without a latent'],
  ] as const)('%s of %o is refused and leaves nothing behind', async (format, changed, reason) => {
    await expect(exported({ ...RUN, ...changed }, format)).rejects.toMatchObject({
      failure: { code: 'export.not-this-run', message: expect.stringContaining(reason) },
    });
    expect(existsSync(join(folder, format))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });
});
