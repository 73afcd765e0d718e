import { describe, expect, it } from 'vitest';
import type { Job, ProbeJob } from '#core/jobs.ts';
import { toFailure } from '#core/result.ts';
import type { ComputeClient, ComputeOptions } from '../compute/ComputeClient.ts';
import { WorkList } from './WorkList.ts';

const PROBE = { kind: 'probe' } as ProbeJob;

/** Holds each job until it is let go or stopped. */
function heldClient() {
  const held: { job: Job; options: ComputeOptions; settle: () => void }[] = [];
  const client: ComputeClient = {
    run: (job, options = {}) =>
      new Promise((resolve) => {
        const settle = () => resolve({ ok: false, failure: { code: 'job.stopped', message: 'stopped' } });
        held.push({ job, options, settle });
        options.stop?.addEventListener('abort', settle);
      }),
    dispose: async () => undefined,
  };
  return { client, held };
}

describe('the list of work', () => {
  it('has each job from the moment it is asked for to its end, with how far it is', async () => {
    const work = new WorkList();
    const { client, held } = heldClient();
    const asked = work.listing(client).run<'probe'>(PROBE, { title: 'Codes of “Hello”' });
    expect(work.list()).toMatchObject([{ title: 'Codes of “Hello”', state: 'waiting', phase: null }]);
    const [job] = held;
    job?.options.ticket?.onStart?.();
    job?.options.onFrame?.({ type: 'phase', phase: 'codes', done: 3, total: 8 });
    expect(work.list()).toMatchObject([{ state: 'running', phase: 'codes', done: 3, total: 8 }]);
    job?.settle();
    await asked;
    expect(work.list()).toEqual([]);
  });

  it('ends what is cancelled, and refuses what has ended', async () => {
    const work = new WorkList();
    const { client } = heldClient();
    const asked = work.listing(client).run<'probe'>(PROBE);
    const id = work.list()[0]!.id;
    work.cancel(id);
    expect(await asked).toMatchObject({ ok: false });
    expect(work.list()).toEqual([]);
    expect(() => work.cancel(id)).toThrow();
    try {
      work.cancel(id);
    } catch (error) {
      expect(toFailure(error).code).toBe('work.unknown');
    }
  });

  it('passes a changed priority on to the line', () => {
    const work = new WorkList();
    const { client, held } = heldClient();
    void work.listing(client).run<'probe'>(PROBE);
    work.setPriority(work.list()[0]!.id, 'first');
    expect(held[0]?.options.ticket?.priority).toBe('first');
    expect(work.list()[0]?.priority).toBe('first');
  });

  it('tells of every change, the present state first, until the reader leaves', async () => {
    const work = new WorkList();
    const left = new AbortController();
    const seen: number[] = [];
    let finish: () => void = () => undefined;
    const reading = (async () => {
      for await (const { list } of work.watch(left.signal)) {
        seen.push(list.length);
        if (list.length === 1) finish();
        if (seen.length > 1 && list.length === 0) left.abort();
      }
    })();
    const tracked = work.track('Statistics', left.signal, async (_, report) => {
      report(1, 2);
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    await tracked;
    await reading;
    expect(seen.at(-1)).toBe(0);
    expect(seen).toContain(1);
  });
});

it('counts readings that ended, for those who never saw them in the list', async () => {
  const work = new WorkList();
  const { client, held } = heldClient();
  const asked = work.listing(client).run<'probe'>(PROBE, { about: { runId: 1, step: 4 } });
  held[0]?.settle();
  await asked;
  await work.track('Statistics', new AbortController().signal, async () => undefined);
  const { value } = await work.watch().next();
  expect(value).toEqual({ list: [], readings: 1 });
});
