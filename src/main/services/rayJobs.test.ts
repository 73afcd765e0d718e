import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { ROBUST_RUN } from '#core/presets.ts';
import type { KeyStore } from '../hub/keyStore.ts';
import { startRayServer } from '../job/ray/testRayServer.ts';
import { importAll, openFacet } from '../testFacet.ts';

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

function memoryKeyStore(): KeyStore {
  let secret: string | null = null;
  return {
    problem: () => null,
    read: () => secret,
    write: (given) => {
      secret = given;
    },
  };
}

/** A project that has made a job. */
async function projectWithJob(rayKeyStore?: KeyStore) {
  const opened = await openFacet({
    host: {
      kind: 'browser',
      pickFile: async () => null,
      pickFiles: async () => [],
      ...(rayKeyStore && { rayKeyStore }),
    },
    compute: {
      run: async (job) =>
        job.kind === 'inspect-model'
          ? ({ ok: true, value: INFO } as never)
          : { ok: false, failure: { code: 'test.no-compute', message: job.kind } },
      dispose: async () => undefined,
    },
  });
  const { facet, folder } = opened;
  for (const name of ['job', 'starter', 'model'])
    await mkdir(join(folder, 'resources', name), { recursive: true });
  await writeFile(join(folder, 'resources', 'job', 'ray_job.py'), 'print("hello")\n');
  await writeFile(join(folder, 'resources', 'model', 'config.json'), '{}');
  const file = join(folder, 'rows.jsonl');
  const rows = [1, 2, 3, 4, 5, 6].map((n) => ({ prompt: `p${n}`, chosen: `c${n}`, rejected: `r${n}` }));
  await writeFile(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  await importAll(facet, file);
  const { id: modelId } = await facet.services.models.add(join(folder, 'resources', 'model'));
  const made = await facet.services.jobs.make({
    out: join(folder, 'job'),
    name: 'Far away',
    modelId,
    config: ROBUST_RUN,
    selection: { labels: 'people-then-imported', sourceIds: null },
    hub: null,
    withModel: false,
  });
  return { ...opened, ray: facet.services.ray, id: made.job.id, jobFolder: made.folder };
}

const OPTIONS = { workers: 8, gpu: true, precision: 'bfloat16', out: "/shared/it's here" } as const;

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'answered',
    (error: { failure?: { code: string } }) => error.failure?.code,
  );

describe('a job on a Ray cluster', () => {
  it('is sent with its folder, watched and stopped', async () => {
    const server = await startRayServer();
    const { ray, id, jobFolder } = await projectWithJob();
    await mkdir(join(jobFolder, 'result'));
    await writeFile(join(jobFolder, 'result', 'result.json'), '{}');
    expect(await ray.list()).toMatchObject([{ id, name: 'Far away', folder: jobFolder, ray: null }]);
    expect(await codeOf(ray.status(id))).toBe('ray.not-sent');

    const sent = await ray.submit(id, { ...OPTIONS, address: `${server.address}/` });
    expect(sent.ray).toMatchObject({ address: server.address, out: OPTIONS.out });
    const [[name, archive] = []] = [...server.packages];
    expect(server.submitted).toEqual([
      {
        entrypoint: `python ray_job.py --workers 8 --gpu --precision bfloat16 --out '/shared/it'\\''s here'`,
        submission_id: sent.ray?.submissionId,
        runtime_env: { working_dir: `gcs://${name}` },
        metadata: { name: 'Far away' },
      },
    ]);
    const names: string[] = [];
    const zip = await fromBufferPromise(archive as Buffer);
    for await (const entry of zip.eachEntry()) names.push(entry.fileName);
    expect(names.toSorted()).toEqual(['job.json', 'pairs.parquet', 'prompts.parquet', 'ray_job.py']);

    const status = await ray.status(id);
    expect(status).toMatchObject({ state: 'RUNNING', startedAt: 1_700_000_000_000, endedAt: null });
    expect(status.log.split('\n')).toHaveLength(200);
    expect(status.log).toMatch(/line 299$/);
    await ray.stop(id);
    expect((await ray.status(id)).state).toBe('STOPPED');
    expect(ray.settings()).toMatchObject({ address: server.address, hasToken: false });
    expect(await ray.list()).toMatchObject([{ ray: sent.ray }]);
  });

  it('shows its token to the cluster that it was given for, and to no other', async () => {
    const keyStore = memoryKeyStore();
    const server = await startRayServer('secret');
    const { ray, id } = await projectWithJob(keyStore);
    const { address } = server;
    expect(await codeOf(ray.submit(id, { ...OPTIONS, address }))).toBe('ray.refused');
    expect(await codeOf(ray.submit(id, { ...OPTIONS, address, token: 'wrong' }))).toBe('ray.refused');
    await ray.submit(id, { ...OPTIONS, address, token: 'secret' });
    expect(ray.settings()).toEqual({ address, hasToken: true, tokenProblem: null });
    expect((await ray.status(id)).state).toBe('RUNNING');
    const other = await startRayServer('secret');
    expect(await codeOf(ray.submit(id, { ...OPTIONS, address: other.address }))).toBe('ray.refused');
    const far = { ...OPTIONS, address: 'http://ray.example:8265', token: 'secret' };
    expect(await codeOf(ray.submit(id, far))).toBe('ray.plain-http');
  });

  it('is named by its id, which leads to no other folder', async () => {
    const { facet, path, ray, id } = await projectWithJob();
    const filesDir = `${path}.files`;
    await cp(join(filesDir, 'jobs', id), join(filesDir, 'elsewhere'), { recursive: true });
    expect(await codeOf(ray.status(id))).toBe('ray.not-sent');
    for (const other of ['../elsewhere', `${id}/../../elsewhere`, join(filesDir, 'elsewhere'), '\0', ''])
      expect(await codeOf(ray.status(other))).toBe('job.foreign');
    await facet.services.project.close();
  });

  it('is refused clearly by what is no cluster, by nobody, and without its folder', async () => {
    const { ray, id } = await projectWithJob();
    const server = await startRayServer();
    const to = (address: string) => codeOf(ray.submit(id, { ...OPTIONS, address }));
    expect(await to('ray://head:10001')).toBe('ray.bad-address');
    expect(await to('http://127.0.0.1:9')).toBe('ray.unreachable');
    expect(await to(`${server.address}/elsewhere`)).toBe('ray.unknown');
    expect(await codeOf(ray.submit(id, { ...OPTIONS, address: server.address, token: 'x' }))).toBe(
      'ray.no-key-store',
    );
    expect(await codeOf(ray.submit(crypto.randomUUID(), { ...OPTIONS, address: server.address }))).toBe(
      'job.foreign',
    );
    expect(server.submitted).toEqual([]);
  });
});
