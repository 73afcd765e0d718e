import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fail, ok } from '#core/result.ts';
import type { Download } from '#shared/policyEntities.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import { temporaryFolder } from '../data/testProject.ts';
import type { KeyStore } from '../hub/keyStore.ts';
import { noKeyStore } from '../hub/keyStore.ts';
import { type Fault, TestHub } from '../hub/testHub.ts';
import { openFacet } from '../testFacet.ts';
import type { HubService } from './hubService.ts';
import { type HubServiceOptions, hubService } from './hubService.ts';
import type { ModelService } from './modelService.ts';
import { CurrentProject } from './OpenProject.ts';

const WEIGHTS = Buffer.from(Array.from({ length: 50_000 }, (_, index) => (index * 7919) & 0xff));
const FILES = {
  'config.json': Buffer.from('{"architectures": ["LlamaForCausalLM"]}'),
  'tokenizer.json': Buffer.from('{"model": {}}'),
  'model.safetensors': WEIGHTS,
  'chat_template.jinja': Buffer.from('{{ messages }}'),
  'pytorch_model.bin': Buffer.from('a pickle'),
  'modeling_custom.py': Buffer.from('import os'),
  '.gitattributes': Buffer.from('x'),
  'onnx/model.onnx': Buffer.from('y'),
};
const WANTED = ['chat_template.jinja', 'config.json', 'model.safetensors', 'tokenizer.json'];
const REPO = 'acme/tiny';
const NO_MODELS = {} as ModelService;

const startHub = (files: Readonly<Record<string, Buffer>> = FILES): Promise<TestHub> =>
  new TestHub(REPO, files).start();

function serviceOn(userDataDir: string, changes: Partial<HubServiceOptions> = {}): HubService {
  const service = hubService({
    userDataDir,
    keyStore: noKeyStore('HF_TOKEN'),
    current: new CurrentProject(),
    models: NO_MODELS,
    log: () => undefined,
    delaysMs: [1, 1, 1],
    ...changes,
  });
  onTestFinished(() => service.dispose());
  return service;
}

async function until(
  service: HubService,
  id: number,
  holds: (download: Download) => boolean,
): Promise<Download> {
  for await (const downloads of service.watch()) {
    const found = downloads.find((one) => one.id === id);
    if (found && holds(found)) return found;
  }
  throw new Error('the service ended');
}
const ended = (service: HubService, id: number): Promise<Download> =>
  until(service, id, ({ state }) => state === 'done' || state === 'failed');

/** A service set to this hub, and its download of the model to the end. */
async function fetchFrom(hub: TestHub, changes: Partial<HubServiceOptions> = {}) {
  const userDataDir = temporaryFolder();
  const service = serviceOn(userDataDir, changes);
  await service.updateSettings({ endpoint: hub.endpoint });
  const started = await service.start({ repo: REPO, revision: 'main' });
  return { userDataDir, service, download: await ended(service, started.id) };
}

describe('downloads', () => {
  it('fetches what a model folder needs and no pickle, by the commit, through the redirect', async () => {
    const hub = await startHub();
    const { download, userDataDir } = await fetchFrom(hub);
    expect(download).toMatchObject({ state: 'done', failure: null, modelId: null });
    expect(download.folder).toBe(join(userDataDir, 'models', 'acme', 'tiny'));
    expect(download.bytesDone).toBe(download.bytesTotal);
    expect(readdirSync(download.folder).sort()).toEqual(WANTED);
    expect(readFileSync(join(download.folder, 'model.safetensors'))).toEqual(WEIGHTS);
    expect(new Set(hub.seen.map(({ path }) => path))).toEqual(new Set(['info', ...WANTED]));
  });

  it('makes it a model of the project that is open, or says why it can’t be', async () => {
    const hub = await startHub();
    const info = { architecture: 'LlamaForCausalLM', parameters: 1, layers: 1, hiddenSize: 1, vocabulary: 1 };
    let usable = true;
    const compute: ComputeClient = {
      run: (async () =>
        usable
          ? ok({ ...info, contextLength: 1, dtype: 'F32', bytes: 1, chatTemplate: true })
          : fail({ code: 'model.bad-config', message: 'no such thing' })) as ComputeClient['run'],
      dispose: async () => undefined,
    };
    const { facet } = await openFacet({ compute });
    const { hub: service, models } = facet.services;
    await service.updateSettings({ endpoint: hub.endpoint });
    const first = await service.start({ repo: REPO, revision: 'main' });
    const done = await ended(service, first.id);
    const model = (await models.list()).find(({ path }) => path === done.folder);
    expect(model).toMatchObject({ name: 'tiny', id: done.modelId });
    usable = false;
    await service.remove(first.id);
    const second = await service.start({ repo: REPO, revision: 'main' });
    expect(await ended(service, second.id)).toMatchObject({
      state: 'done',
      failure: { code: 'model.bad-config' },
    });
    await facet.services.project.close();
    expect(service.downloads()[0]).toMatchObject({ state: 'done', modelId: null, folder: done.folder });
  });

  it('takes the shards that the index names', async () => {
    const map = { a: 'model-1.safetensors', b: 'model-2.safetensors' };
    const hub = await startHub({
      'config.json': FILES['config.json'],
      'tokenizer.json': FILES['tokenizer.json'],
      'model.safetensors.index.json': Buffer.from(JSON.stringify({ weight_map: map })),
      'model-1.safetensors': WEIGHTS,
      'model-2.safetensors': WEIGHTS.subarray(1),
      'consolidated.safetensors': WEIGHTS,
    });
    const { download } = await fetchFrom(hub);
    expect(download.state).toBe('done');
    expect(readdirSync(download.folder)).not.toContain('consolidated.safetensors');
    expect(readdirSync(download.folder)).toContain('model-2.safetensors');
  });

  it.each<[string, Fault[]]>([
    ['connections that break', ['drop', 'drop', 'drop']],
    ['a length that is too long', ['short']],
    ['more bytes than stated', ['long']],
    ['wrong bytes', ['wrong-bytes']],
    ['wrong bytes after a break', ['drop', 'wrong-bytes']],
    ['a server without ranges', ['drop', 'no-range']],
    ['another range than asked for', ['drop', 'other-range']],
    ['a busy server', [{ status: 429, headers: { 'retry-after': '0' } }, { status: 503 }, { status: 500 }]],
  ])('gets there over %s', async (_, faults) => {
    const hub = await startHub();
    hub.faults.set('model.safetensors', [...faults]);
    const { download } = await fetchFrom(hub);
    expect(download).toMatchObject({ state: 'done', failure: null });
    expect(readFileSync(join(download.folder, 'model.safetensors'))).toEqual(WEIGHTS);
    expect(hub.faults.get('model.safetensors')).toEqual([]);
  });

  it('asks only for what is missing after a break', async () => {
    const hub = await startHub();
    hub.holds = 'model.safetensors';
    const service = serviceOn(temporaryFolder());
    await service.updateSettings({ endpoint: hub.endpoint });
    const { id } = await service.start({ repo: REPO, revision: 'main' });
    await until(service, id, ({ file, bytesDone }) => file === 'model.safetensors' && bytesDone > 20_000);
    hub.breakOff();
    expect(await ended(service, id)).toMatchObject({ state: 'done', failure: null });
    const ranges = hub.requestsOf('model.safetensors').map(({ range }) => range);
    expect(ranges).toHaveLength(2);
    expect(Number(/^bytes=(\d+)-$/.exec(ranges[1] ?? '')?.[1])).toBeGreaterThan(20_000);
  });

  it('keeps nothing whose bytes are wrong each time', async () => {
    const hub = await startHub();
    hub.faults.set('config.json', Array<Fault>(20).fill('wrong-bytes'));
    const { download } = await fetchFrom(hub);
    expect(download).toMatchObject({ state: 'failed', failure: { code: 'hub.checksum' } });
    expect(readdirSync(download.folder).filter((name) => name.startsWith('config'))).toEqual([]);
  });

  it('says what to do about gated and absent models, and sends the token to the hub alone', async () => {
    const hub = await startHub();
    hub.token = 'hf_secret';
    const { download: refused } = await fetchFrom(hub);
    expect(refused.failure).toMatchObject({ code: 'hub.token-needed' });
    expect(refused.failure?.fix).toContain('HF_TOKEN');
    const keyStore = memoryKeyStore();
    keyStore.write(JSON.stringify({ origin: hub.endpoint, token: 'hf_secret' }));
    const { download } = await fetchFrom(hub, { keyStore });
    expect(download).toMatchObject({ state: 'done', failure: null });
    expect(hub.requestsOf('model.safetensors').at(-1)?.authorization).toBeNull();
    expect(hub.requestsOf('config.json').at(-1)?.authorization).toBe('Bearer hf_secret');
    for (const [status, code] of [
      [403, 'hub.forbidden'],
      [404, 'hub.not-found'],
    ] as const) {
      hub.faults.set('info', [{ status }]);
      expect((await fetchFrom(hub, { keyStore })).download.failure).toMatchObject({ code });
    }
  });

  it('fetches nothing of a model that has pickles alone', async () => {
    const { 'model.safetensors': _, ...rest } = FILES;
    const hub = await startHub(rest);
    const { download } = await fetchFrom(hub);
    expect(download.failure).toMatchObject({ code: 'hub.not-a-model' });
    expect(download.failure?.message).toContain('never fetched');
    expect(existsSync(download.folder)).toBe(false);
  });

  it('refuses before the first byte where the disk is too full', async () => {
    const hub = await startHub();
    const { download } = await fetchFrom(hub, { freeBytes: async () => 1000 });
    expect(download.failure).toMatchObject({ code: 'hub.no-space' });
    expect(readdirSync(download.folder)).toEqual([]);
    expect(hub.requestsOf('config.json')).toEqual([]);
  });

  it('goes on after a pause and a restart of hub and application, and says where a hub is gone', async () => {
    const hub = await startHub();
    hub.holds = 'model.safetensors';
    const userDataDir = temporaryFolder();
    const first = serviceOn(userDataDir);
    await first.updateSettings({ endpoint: hub.endpoint });
    const { id } = await first.start({ repo: `${hub.endpoint}/${REPO}/tree/main`, revision: 'main' });
    await until(first, id, ({ file, bytesDone }) => file === 'model.safetensors' && bytesDone > 20_000);
    expect(await first.pause(id)).toMatchObject({ state: 'paused' });
    await first.dispose();
    await hub.stop();

    const second = serviceOn(userDataDir);
    const [paused] = second.downloads();
    expect(paused).toMatchObject({ id, state: 'paused', repo: REPO });
    expect(paused?.bytesDone).toBeGreaterThan(20_000);
    await second.resume(id);
    const gone = await ended(second, id);
    expect(gone).toMatchObject({ state: 'failed', failure: { code: 'hub.unreachable' } });
    await hub.start();
    await second.resume(id);
    const done = await ended(second, id);
    expect(done).toMatchObject({ state: 'done', failure: null });
    expect(readFileSync(join(done.folder, 'model.safetensors'))).toEqual(WEIGHTS);
    expect(hub.requestsOf('model.safetensors').at(-1)?.range).toMatch(/^bytes=2\d+-$/);
    expect(hub.requestsOf('info')).toHaveLength(1);
  });

  it('shows what another process fetches, and takes what one that died has left', async () => {
    const hub = await startHub();
    hub.faults.set('info', [{ status: 404 }]);
    const { userDataDir, service, download } = await fetchFrom(hub);
    const path = join(userDataDir, 'downloads', `${download.id}.json`);
    const stored = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    writeFileSync(path, JSON.stringify({ ...stored, state: 'running', pid: process.ppid }));
    expect(service.downloads()[0]?.state).toBe('running');
    await expect(service.pause(download.id)).rejects.toMatchObject({ failure: { code: 'hub.elsewhere' } });
    writeFileSync(path, JSON.stringify({ ...stored, state: 'running', pid: 2 ** 30 }));
    expect(service.downloads()[0]?.state).toBe('paused');
    await service.resume(download.id);
    expect((await ended(service, download.id)).state).toBe('done');
  });

  it('removes what was fetched, but not a model that is complete', async () => {
    const hub = await startHub();
    hub.faults.set('model.safetensors', [{ status: 400 }]);
    const { service, download } = await fetchFrom(hub);
    expect(download.failure).toMatchObject({ code: 'hub.bad-answer' });
    expect(existsSync(join(download.folder, 'config.json'))).toBe(true);
    await service.remove(download.id);
    expect(existsSync(download.folder)).toBe(false);
    const again = await service.start({ repo: REPO, revision: 'main' });
    await ended(service, again.id);
    await service.remove(again.id);
    expect(service.downloads()).toEqual([]);
    expect(existsSync(join(again.folder, 'model.safetensors'))).toBe(true);
  });

  it('goes through the proxy that is set', async () => {
    const hub = await startHub();
    let forwarded = 0;
    const proxy = createServer((asked, answer) => {
      forwarded += 1;
      const passed = request(asked.url ?? '', { headers: asked.headers }, (got) => {
        answer.writeHead(got.statusCode ?? 500, got.headers);
        got.pipe(answer);
      });
      passed.end();
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    const service = serviceOn(temporaryFolder());
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    await service.updateSettings({ endpoint: hub.endpoint, proxy: address });
    const { id } = await service.start({ repo: REPO, revision: 'main' });
    expect((await ended(service, id)).state).toBe('done');
    expect(forwarded).toBe(hub.seen.length + 3);
  });
});

function memoryKeyStore(): KeyStore & { kept: string | null } {
  return {
    kept: null,
    problem: () => null,
    read() {
      return this.kept;
    },
    write(secret) {
      this.kept = secret;
    },
  };
}

describe('settings', () => {
  it('keep a token in the key store alone, and refuse it where there is none', async () => {
    const userDataDir = temporaryFolder();
    const headless = serviceOn(userDataDir);
    await expect(headless.updateSettings({ token: 'hf_plain' })).rejects.toMatchObject({
      failure: { code: 'hub.no-key-store' },
    });
    const keyStore = memoryKeyStore();
    const service = serviceOn(userDataDir, { keyStore });
    const settings = await service.updateSettings({ token: ' hf_kept ', proxy: 'http://p.example:1' });
    expect(settings).toMatchObject({ hasToken: true, tokenProblem: null, proxy: 'http://p.example:1' });
    expect(JSON.parse(keyStore.kept ?? '')).toEqual({ origin: 'https://huggingface.co', token: 'hf_kept' });
    for (const name of readdirSync(userDataDir)) {
      expect(readFileSync(join(userDataDir, name), 'utf8')).not.toContain('hf_');
    }
    expect((await service.updateSettings({ token: null })).hasToken).toBe(false);
  });

  it('keep a token to the origin that it was given for, and one of an earlier version to the public hub', async () => {
    const keyStore = memoryKeyStore();
    const service = serviceOn(temporaryFolder(), { keyStore });
    await service.updateSettings({ token: 'hf_kept' });
    const moved = await service.updateSettings({ endpoint: 'https://evil.example' });
    expect(moved.hasToken).toBe(false);
    const own = await service.updateSettings({ endpoint: 'https://hub.example/sub', token: 'own' });
    expect(own.hasToken).toBe(true);
    expect((await service.updateSettings({ endpoint: 'https://hub.example/other' })).hasToken).toBe(true);
    expect((await service.updateSettings({ endpoint: 'https://huggingface.co' })).hasToken).toBe(false);
    keyStore.kept = 'hf_of_before';
    expect(service.settings().hasToken).toBe(true);
    expect((await service.updateSettings({ endpoint: 'https://evil.example' })).hasToken).toBe(false);
  });

  it.each([
    [{ endpoint: 'ftp://x' }, 'hub.bad-endpoint'],
    [{ endpoint: 'huggingface.co' }, 'hub.bad-endpoint'],
    [{ proxy: 'nowhere' }, 'hub.bad-proxy'],
    [{ folder: 'models' }, 'hub.bad-folder'],
  ])('refuse %j', async (changes, code) => {
    await expect(serviceOn(temporaryFolder()).updateSettings(changes)).rejects.toMatchObject({
      failure: { code },
    });
  });

  it('send no token unencrypted, and take no name that leads elsewhere', async () => {
    const keyStore = memoryKeyStore();
    const service = serviceOn(temporaryFolder(), { keyStore });
    await service.updateSettings({ endpoint: 'http://hub.example', token: 'hf_x' });
    const { id } = await service.start({ repo: REPO, revision: 'main' });
    expect((await ended(service, id)).failure).toMatchObject({ code: 'hub.plain-http' });
    for (const repo of ['../x', 'a/../b', 'a/b/c', '', '/etc']) {
      await expect(service.start({ repo, revision: 'main' })).rejects.toMatchObject({
        failure: { code: 'hub.bad-name' },
      });
    }
  });
});
