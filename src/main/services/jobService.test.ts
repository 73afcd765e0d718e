import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ROBUST_RUN } from '#core/presets.ts';
import { DEFAULT_LATENT } from '#core/runConfig.ts';
import { hashFile } from '#disk/hash.ts';
import { resourcesDir } from '../environment.ts';
import { CHECKS } from '../job/checks.ts';
import { importAll, openFacet } from '../testFacet.ts';
import type { JobRequest } from './jobService.ts';

afterEach(() => vi.unstubAllEnvs());

const ROWS = Array.from({ length: 20 }, (_, index) => ({
  id: `row-${index}`,
  prompt: `Question ${index}?`,
  chosen: `A kind reply ${index}.`,
  rejected: `A curt reply ${index}.`,
}));

const INFO = {
  architecture: 'LlamaForCausalLM',
  parameters: 1,
  layers: 5,
  hiddenSize: 64,
  vocabulary: 512,
  contextLength: 512,
  dtype: 'F32',
  bytes: 4,
  chatTemplate: true,
};

/** A project of twenty imported pairs and the bundled model. */
async function projectWithPairs() {
  const opened = await openFacet({
    resourcesDir,
    compute: {
      run: async (job) =>
        job.kind === 'inspect-model'
          ? ({ ok: true, value: INFO } as never)
          : { ok: false, failure: { code: 'test.no-compute', message: job.kind } },
      dispose: async () => undefined,
    },
  });
  const file = join(opened.folder, 'rows.jsonl');
  await writeFile(file, ROWS.map((row) => JSON.stringify(row)).join('\n'));
  await importAll(opened.facet, file);
  const [model] = await opened.facet.services.models.list();
  const request: JobRequest = {
    out: join(opened.folder, 'job'),
    modelId: model?.id ?? 0,
    config: { ...ROBUST_RUN, heldOutShare: 0.25 },
    selection: { labels: 'people-then-imported', sourceIds: null },
    hub: null,
    withModel: false,
  };
  return { ...opened, request };
}

async function parquetRows(path: string): Promise<Record<string, unknown>[]> {
  const bytes = readFileSync(path);
  return parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
  });
}

describe('a job folder', () => {
  it('holds pairs with their split, prompts, settings, the programs and the bundled model', async () => {
    const { facet, request } = await projectWithPairs();
    const { folder, job } = await facet.services.jobs.make(request);

    const pairs = await parquetRows(join(folder, 'pairs.parquet'));
    expect(pairs).toHaveLength(20);
    expect(pairs[0]).toMatchObject({
      chosen: 'A kind reply 0.',
      rejected: 'A curt reply 0.',
      chosenTurns: null,
    });
    expect(JSON.parse(pairs[0]?.messages as string)).toEqual([{ role: 'user', content: 'Question 0?' }]);
    const held = pairs.filter(({ split }) => split === 'held-out');
    expect(held.length).toBeGreaterThan(0);
    expect(held.length + pairs.filter(({ split }) => split === 'train').length).toBe(20);
    expect(await parquetRows(join(folder, 'prompts.parquet'))).toHaveLength(20);

    const described = JSON.parse(readFileSync(join(folder, 'job.json'), 'utf8'));
    expect(described).toEqual(job);
    expect(described).toMatchObject({
      format: 1,
      pairs: 20,
      prompts: 20,
      model: { path: 'model', info: INFO },
    });
    expect(described.config).toEqual(request.config);
    for (const [name, sha256] of Object.entries(job.files))
      expect(await hashFile(join(folder, name))).toBe(sha256);

    const names = readdirSync(folder);
    for (const name of [
      'train.py',
      'score.py',
      'run.sh',
      'slurm.sbatch',
      'ray_job.py',
      'requirements.txt',
      'README.md',
    ])
      expect(names).toContain(name);
    expect(existsSync(join(folder, 'lpc', 'latent.py'))).toBe(true);
    expect(existsSync(join(folder, 'model', 'model.safetensors'))).toBe(true);
    expect(readdirSync(join(folder, 'check')).sort()).toEqual(
      [...Object.keys(CHECKS), 'model', 'pairs.parquet', 'prompts.parquet'].sort(),
    );
  });

  it('names a repository and its revision in the place of files', async () => {
    const { facet, request } = await projectWithPairs();
    const hub = { repo: 'org/name', revision: 'abc123' };
    const { folder, job } = await facet.services.jobs.make({ ...request, hub });
    expect(job.model).toMatchObject({ hub: 'org/name', revision: 'abc123' });
    expect(existsSync(join(folder, 'model'))).toBe(false);
    const weights = await hashFile(join(resourcesDir, 'starter', 'model.safetensors'));
    expect(job.model.weights).toEqual([weights]);
  });

  it('holds no secret and no address of this machine but what it was told to name', async () => {
    const { facet, folder, request } = await projectWithPairs();
    const secret = 'hf_a0b1c2d3e4f5g6h7';
    vi.stubEnv('HF_TOKEN', secret);
    vi.stubEnv('RAY_AUTH_TOKEN', secret);
    const made = await facet.services.jobs.make({
      ...request,
      hub: { repo: 'org/name', revision: 'abc123' },
    });
    for (const name of readdirSync(made.folder, { recursive: true, encoding: 'utf8' })) {
      const path = join(made.folder, name);
      if (statSync(path).isDirectory()) continue;
      const bytes = readFileSync(path, 'latin1');
      for (const word of [secret, folder, homedir()])
        expect(bytes.includes(word), `${name} holds ${word}`).toBe(false);
    }
  });

  it('is made in a folder that is there, under the name of the run', async () => {
    const { facet, folder, request } = await projectWithPairs();
    const { out: _, ...asked } = request;
    const named = { ...asked, name: 'Large: 7 B' };
    const made = await facet.services.jobs.makeIn(folder, named);
    expect(made).toEqual({
      id: expect.any(String),
      folder: join(folder, 'Large-7-B-job'),
      pairs: 20,
      prompts: 20,
      steps: request.config.steps,
    });
    expect(existsSync(join(made.folder, 'job.json'))).toBe(true);
    await expect(facet.services.jobs.makeIn(folder, named)).rejects.toMatchObject({
      failure: { code: 'export.exists', where: { file: made.folder } },
    });
    await expect(facet.services.jobs.makeIn(join(folder, 'none'), asked)).rejects.toMatchObject({
      failure: { code: 'export.no-folder' },
    });
  });

  it('refuses what the programs do not compute, and a folder that is there, and leaves nothing', async () => {
    const { facet, folder, request } = await projectWithPairs();
    const latent = { ...DEFAULT_LATENT, injection: 'layers' } as const;
    const config = { ...request.config, latent, recompute: true };
    await expect(facet.services.jobs.make({ ...request, config })).rejects.toMatchObject({
      failure: { code: 'job.setting', where: { field: 'recompute' } },
    });
    expect(existsSync(request.out)).toBe(false);
    await expect(facet.services.jobs.make({ ...request, out: folder })).rejects.toMatchObject({
      failure: { code: 'job.exists' },
    });
    const jobs = join(`${facet.services.project.current()?.path}.files`, 'jobs');
    expect(existsSync(jobs) ? readdirSync(jobs) : []).toEqual([]);
  });

  it.each([
    ['objective', { objective: 'kto' }],
    ['weights', { weights: '4bit' }],
    ['chatTemplate', { chatTemplate: 'chatml' }],
    ['referenceModel', { referenceModel: 1 }],
  ] as const)('refuses %s, which its programs do not compute', async (field, changes) => {
    const { facet, request } = await projectWithPairs();
    const config = { ...request.config, ...changes } as JobRequest['config'];
    await expect(facet.services.jobs.make({ ...request, config })).rejects.toMatchObject({
      failure: { code: 'job.setting', where: { field } },
    });
    expect(existsSync(request.out)).toBe(false);
  });
});
