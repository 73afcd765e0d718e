import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { ModelInfo } from '#core/jobs.ts';
import { DEFAULT_LATENT, DEFAULT_RUN } from '#core/runConfig.ts';
import { readCheckpoint, readProgress, writeCheckpoint } from './checkpoint.ts';

const root = await mkdtemp(join(tmpdir(), 'facet-checkpoint-'));
afterAll(() => rm(root, { recursive: true, force: true }));

it('reads a checkpoint from before a setting was there as it was trained', async () => {
  const run = { ...DEFAULT_RUN, latent: { ...DEFAULT_LATENT, temperature: 0.5 } };
  const { path } = await writeCheckpoint({
    root,
    kind: 'best',
    config: { format: 1, run, step: 3, model: {} as ModelInfo, modelFingerprint: 'x' },
    specs: { w: { shape: [2], dtype: 'float32' } },
    trained: { w: Float32Array.of(1, 2) },
    start: null,
    resumable: null,
  });
  const file = join(path, 'config.json');
  const config = JSON.parse(await readFile(file, 'utf8'));
  for (const name of ['loraTargets', 'accumulation', 'epochs']) delete config.run[name];
  for (const name of ['kind', 'injection', 'inference', 'finalTemperature']) delete config.run.latent[name];
  const text = JSON.stringify(config);
  await writeFile(file, text);
  const manifestFile = join(path, 'manifest.json');
  const manifest = JSON.parse(await readFile(manifestFile, 'utf8'));
  const entry = manifest.files.find(({ name }: { name: string }) => name === 'config.json');
  entry.sha256 = createHash('sha256').update(text).digest('hex');
  await writeFile(manifestFile, JSON.stringify(manifest));

  const read = await readCheckpoint(path);
  expect(read.config.run).toEqual({
    ...run,
    latent: { ...run.latent, finalTemperature: 0.5 },
  });
  expect([...read.trained.w!.data]).toEqual([1, 2]);
  expect(await readProgress(path)).toBeNull();
});
