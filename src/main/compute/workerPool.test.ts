import { constants, getPriority } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { CodesJob, EstimateJob, GenerateJob, InspectModelJob, ScoreJob, TrainJob } from '#core/jobs.ts';
import { unwrap } from '#core/result.ts';
import type { JobPriority } from '#shared/work.ts';
import { rootDir, workerEntry } from '../environment.ts';
import type { ComputeOptions, Ticket } from './ComputeClient.ts';
import { startForkedWorker } from './forkLink.ts';
import { createWorkerPool, type WorkerPool } from './workerPool.ts';

const fixture = join(rootDir, 'tests', 'fixtures', 'worker.mjs');
const order = (modelDir: string): InspectModelJob => ({ kind: 'inspect-model', modelDir });

let pool: WorkerPool;
beforeEach(() => {
  pool = createWorkerPool(() => startForkedWorker(fixture));
});
afterEach(() => pool.dispose());

const pidOf = async (modelDir = 'answer') =>
  (unwrap(await pool.run(order(modelDir))) as unknown as { pid: number }).pid;

describe('a job', () => {
  test('starts the process on first use and keeps it for the next', async () => {
    expect(pool.pids()).toEqual([]);
    const first = await pidOf();
    expect(await pidOf()).toBe(first);
    expect(pool.pids()).toEqual([first]);
  });

  test('that fails gives its failure', async () => {
    const result = await pool.run(order('fail'));
    expect(result).toEqual({ ok: false, failure: { code: 'test.asked', message: 'asked to' } });
  });

  test('is asked to stop by the signal, frames having come in order before the result', async () => {
    const stop = new AbortController();
    const frames: string[] = [];
    const result = await pool.run(order('until-stopped'), {
      stop: stop.signal,
      onFrame: ({ type }) => {
        frames.push(type);
        if (frames.length === 3) stop.abort();
      },
    });
    expect(result.ok).toBe(true);
    expect(frames.length).toBeGreaterThanOrEqual(3);
  });

  test('that hears no stop is ended with its process after a grace, and the next one is served', async () => {
    const hasty = createWorkerPool(() => startForkedWorker(fixture), { stopGraceMs: 100 });
    onTestFinished(() => hasty.dispose());
    const stop = new AbortController();
    const result = await hasty.run(order('deaf'), { stop: stop.signal, onFrame: () => stop.abort() });
    expect(result).toMatchObject({ ok: false, failure: { code: 'compute.deaf' } });
    expect(await hasty.run(order('answer'))).toMatchObject({ ok: true });
  });

  test('whose process ends itself with a reason fails with that', async () => {
    const result = await pool.run(order('explain'));
    expect(result).toEqual({ ok: false, failure: { code: 'test.reason', message: 'because' } });
  });

  test('whose signal came before the process was ready stops too', async () => {
    const stop = new AbortController();
    const result = pool.run(order('until-stopped'), { stop: stop.signal });
    stop.abort();
    expect((await result).ok).toBe(true);
  });
});

describe('several jobs', () => {
  const longReply = (stop: AbortController) =>
    pool.run<'generate'>({ kind: 'generate', modelDir: 'until-stopped' } as GenerateJob, {
      stop: stop.signal,
    });

  test('a second process answers while a long reply is drawn; a third job waits its turn', async () => {
    const stop = new AbortController();
    const long = longReply(stop);
    const [first, second] = await Promise.all([pidOf(), pidOf()]);
    expect(first).toBe(second);
    expect(pool.pids()).toHaveLength(2);
    stop.abort();
    expect((await long).ok).toBe(true);
  });

  test('neither training nor long work keeps a typed prompt waiting, and a run waits for neither', async () => {
    const stop = new AbortController();
    const held = [
      pool.run<'codes'>({ kind: 'codes', modelDir: 'until-stopped' } as CodesJob, { stop: stop.signal }),
      longReply(stop),
    ];
    expect(await pidOf()).toBeGreaterThan(0);
    const trained = await pool.run<'train'>({ kind: 'train', modelDir: 'answer' } as TrainJob);
    expect(trained.ok).toBe(true);
    stop.abort();
    for (const job of held) expect((await job).ok).toBe(true);
  });

  test('training leaves the processor to whoever waits for an answer, where that is asked for', async () => {
    const yielding = createWorkerPool(() => startForkedWorker(fixture), { yielding: true });
    onTestFinished(() => yielding.dispose());
    const priority = async (answer: Promise<unknown>): Promise<number> =>
      getPriority(((await answer) as { value: { pid: number } }).value.pid);
    const train = { kind: 'train', modelDir: 'answer' } as TrainJob;
    expect(await priority(yielding.run<'train'>(train))).toBe(constants.priority.PRIORITY_BELOW_NORMAL);
    expect(await priority(yielding.run(order('answer')))).toBe(getPriority());
    expect(await priority(pool.run<'train'>(train))).toBe(getPriority());
  });

  test('of those that wait, the ones put first go first, and a change while they wait counts', async () => {
    const stop = new AbortController();
    const score = (modelDir: string, options: ComputeOptions = {}) =>
      pool.run<'score'>({ kind: 'score', modelDir } as ScoreJob, options);
    const held = score('until-stopped', { stop: stop.signal });
    const order: string[] = [];
    const wait = (name: string, priority: JobPriority) => {
      const ticket: Ticket = { priority, onStart: () => order.push(name) };
      return { ticket, done: score('answer', { ticket }) };
    };
    const last = wait('last', 'last');
    const normal = wait('normal', 'normal');
    const raised = wait('raised', 'last');
    raised.ticket.priority = 'first';
    stop.abort();
    await Promise.all([held, last.done, normal.done, raised.done]);
    expect(order).toEqual(['raised', 'normal', 'last']);
  });

  test('one that is cancelled while it waits never starts', async () => {
    const stop = new AbortController();
    const own = new AbortController();
    const held = pool.run<'score'>({ kind: 'score', modelDir: 'until-stopped' } as ScoreJob, {
      stop: stop.signal,
    });
    const waiting = pool.run<'score'>({ kind: 'score', modelDir: 'answer' } as ScoreJob, {
      stop: own.signal,
    });
    own.abort();
    expect(await waiting).toMatchObject({ ok: false, failure: { code: 'job.stopped' } });
    stop.abort();
    await held;
  });
});

test('a job that leaves nothing half-done and does not hear is ended with its process', async () => {
  const deaf = createWorkerPool(() => startForkedWorker(fixture), { graceMs: 20 });
  const stop = new AbortController();
  const held = deaf.run<'estimate'>({ kind: 'estimate', modelDir: 'deaf' } as EstimateJob, {
    stop: stop.signal,
    onFrame: () => stop.abort(),
  });
  expect(await held).toMatchObject({ ok: false, failure: { code: 'job.stopped' } });
  expect(deaf.pids()).toEqual([]);
  await deaf.dispose();
});

describe('a process that dies', () => {
  test('fails its job with what it said last, and the next job gets a fresh one', async () => {
    const result = await pool.run(order('complain'));
    expect(result).toMatchObject({ ok: false, failure: { code: 'compute.worker-out-of-memory' } });
    // Without the colours of a terminal.
    if (!result.ok) expect(result.failure.message).toContain('(code 9 out of memory)');
    expect(await pidOf()).toBeGreaterThan(0);
  });

  test('from outside while it works is noticed', async () => {
    const first = await pidOf();
    const held = pool.run(order('until-stopped'), { onFrame: () => process.kill(first, 'SIGKILL') });
    const ended = await held;
    expect(ended).toMatchObject({ ok: false, failure: { code: 'compute.worker-died' } });
    // What it wrote before has nothing to do with it.
    if (!ended.ok)
      expect(ended.failure.message).toBe(
        'The compute process ended unexpectedly (it was killed, by the system for want of memory or by hand).',
      );
    expect(await pidOf()).not.toBe(first);
  });

  test('while it is idle is replaced', async () => {
    const first = await pidOf();
    process.kill(first, 'SIGKILL');
    await expect.poll(() => pool.pids(), { timeout: 10_000 }).toEqual([]);
    expect(await pidOf()).not.toBe(first);
  });
});

test('disposing ends what runs and refuses what comes', async () => {
  const held = pool.run(order('until-stopped'), { onFrame: () => void pool.dispose() });
  expect(await held).toMatchObject({ ok: false, failure: { code: 'compute.closed' } });
  expect(await pool.run(order('answer'))).toMatchObject({ ok: false, failure: { code: 'compute.closed' } });
  await expect.poll(() => pool.pids(), { timeout: 10_000 }).toEqual([]);
});

test('the real compute process answers from its source', async () => {
  const real = createWorkerPool(() => startForkedWorker(workerEntry));
  const result = await real.run({ kind: 'inspect-model', modelDir: join(rootDir, 'no-such-folder') });
  expect(result.ok).toBe(false);
  if (!result.ok) expect(result.failure.code).not.toBe('compute.worker-died');
  await real.dispose();
});
