import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Job, TrainJob } from '#core/jobs.ts';
import { DEFAULT_LATENT, DEFAULT_RUN } from '#core/runConfig.ts';
import { verifyFolder } from '#disk/folder.ts';
import { PARTIAL_SUFFIX } from '#disk/partials.ts';
import { absent, needing } from '#disk/testNeeds.ts';
import type { FromWorker } from '#shared/workerProtocol.ts';

const entry = fileURLToPath(new URL('./index.ts', import.meta.url));
const model = fileURLToPath(new URL('../../../shared/models/stories260K', import.meta.url));
const missing = absent(model);

const root = await mkdtemp(join(tmpdir(), 'facet-worker-'));
let child: ChildProcess | null = null;
afterEach(() => {
  child?.kill('SIGKILL');
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Starts a process, hands it the job once it is ready, and every message to `onMessage`. */
function start(job: Job, onMessage: (message: FromWorker, worker: ChildProcess) => void): ChildProcess {
  const worker = fork(entry, [], { serialization: 'advanced', silent: true });
  child = worker;
  worker.on('message', (value) => {
    const message = value as FromWorker;
    if (message.type === 'ready') worker.send({ type: 'start', id: 1, job });
    else onMessage(message, worker);
  });
  return worker;
}
const exitOf = (worker: ChildProcess) =>
  new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    worker.once('exit', (code, signal) => resolve({ code, signal }));
  });

async function trainJob(): Promise<TrainJob> {
  const dir = await mkdtemp(join(root, 'run-'));
  const pairs = Array.from({ length: 12 }, (_, index) => ({
    id: `${index}`,
    promptId: `${index}`,
    source: 'test',
    aspect: null,
    messages: [{ role: 'user', content: `Tell a story about number ${index}.` }],
    chosen: 'Once upon a time there was a little dog.',
    rejected: 'No.',
  }));
  await writeFile(join(dir, 'pairs.jsonl'), pairs.map((pair) => JSON.stringify(pair)).join('\n'));
  return {
    kind: 'train',
    config: {
      ...DEFAULT_RUN,
      latent: { ...DEFAULT_LATENT, codes: 4 },
      trainable: 'heads',
      steps: 100_000,
      tokenBudget: 128,
      evaluateEvery: 1,
      engine: 'onnx-cpu',
    },
    modelDir: model,
    datasetPath: join(dir, 'pairs.jsonl'),
    runDir: join(dir, 'run'),
    cacheDir: join(dir, 'cache'),
  };
}

describe('the compute process', () => {
  it('answers a job that fails with a value', async () => {
    const failed = await new Promise<FromWorker>((resolve) => {
      start({ kind: 'inspect-model', modelDir: root }, resolve);
    });
    expect(failed).toMatchObject({ type: 'failed', id: 1, failure: { code: 'model.missing-file' } });
  });

  it('leaves only complete checkpoints when it is killed while saving', needing(missing), async () => {
    const job = await trainJob();
    let checkpoints = 0;
    const worker = start(job, (message, self) => {
      if (message.type !== 'frame') return;
      if (message.frame.type === 'checkpoint') checkpoints += 1;
      // By now the next checkpoint is being written.
      if (message.frame.type === 'phase' && message.frame.phase === 'save' && checkpoints >= 3) {
        self.kill('SIGKILL');
      }
    });
    expect((await exitOf(worker)).signal).toBe('SIGKILL');
    const folders = await readdir(join(job.runDir, 'checkpoints'));
    const complete = folders.filter((name) => !name.endsWith(PARTIAL_SUFFIX));
    expect(complete.length).toBeGreaterThan(0);
    for (const name of complete) await verifyFolder(join(job.runDir, 'checkpoints', name));
  });

  it('stops when asked, and ends when its parent is gone', needing(missing), async () => {
    const job = await trainJob();
    const told: FromWorker[] = [];
    await new Promise<void>((resolve) => {
      start(job, (message, self) => {
        if (message.type === 'frame' && message.frame.type === 'step') self.send({ type: 'stop', id: 1 });
        if (message.type !== 'frame') told.push(message);
        if (message.type === 'done' || message.type === 'failed') resolve();
      });
    });
    expect(told[0]).toEqual({ type: 'stopping', id: 1 });
    expect(told.at(-1)).toMatchObject({ type: 'done', id: 1, result: { stopped: true } });
    const worker = child as ChildProcess;
    const exit = exitOf(worker);
    worker.disconnect();
    expect((await exit).code).toBe(0);
  });
});
