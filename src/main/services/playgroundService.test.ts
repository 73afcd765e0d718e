import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DEFAULT_SAMPLING } from '#core/generation.ts';
import type { GenerateManyJob, Job, JobResults } from '#core/jobs.ts';
import { type Result, toFailure } from '#core/result.ts';
import type { NewPairsFrame } from '#shared/policyEntities.ts';
import type { ComputeOptions, JobOf } from '../compute/ComputeClient.ts';
import { facetOver, importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';
import { FakeCompute, readLines, WORKER_DIED } from './fakeCompute.ts';

const reply = (text: string) => ({ text, tokens: 3, finish: 'stop' as const, logp: -1 });
const PROMPTS = 6;

/** Writes a line a prompt, and dies after `dieAfter` of them, in the middle of the next line. */
class Writing extends FakeCompute {
  dieAfter = Number.POSITIVE_INFINITY;
  replies = (id: string): string[] => [`one ${id}`, `two ${id}`];
  stopped = false;
  /** So many are written until a stop is heard. */
  waitsAfter = Number.POSITIVE_INFINITY;

  override async run<K extends Job['kind']>(
    job: JobOf<K>,
    options: ComputeOptions = {},
  ): Promise<Result<JobResults[K]>> {
    const any = job as Job;
    if (any.kind === 'generate') {
      this.jobs.push(any);
      options.onFrame?.({ type: 'phase', phase: 'load', done: 0, total: 1 });
      for (const text of ['Hel', 'lo']) options.onFrame?.({ type: 'text', sample: 0, text });
      options.stop?.addEventListener('abort', () => {
        this.stopped = true;
      });
      await this.gate;
      const figures = { promptTokens: 4, weights: [0.5, 0.5], tokensPerSecond: 9, timeToFirstTokenMs: 2 };
      return {
        ok: true as const,
        value: { replies: [reply('Hello')], ids: [[5, 6]], ...figures } as unknown as JobResults[K],
      };
    }
    if (any.kind !== 'generate-many') return super.run(job, options);
    this.jobs.push(any);
    return (await this.#many(any, options)) as Result<JobResults[K]>;
  }

  async #many(job: GenerateManyJob, { onFrame, stop }: ComputeOptions) {
    const prompts = readLines<{ id: string }>(job.promptsPath);
    mkdirSync(dirname(job.outputPath), { recursive: true });
    appendFileSync(job.outputPath, '');
    const there = new Set(readLines<{ id: string }>(job.outputPath).map(({ id }) => id));
    let done = there.size;
    for (const { id } of prompts.filter((prompt) => !there.has(prompt.id))) {
      if (stop?.aborted) break;
      if (done >= this.dieAfter) return { ok: false as const, failure: WORKER_DIED };
      appendFileSync(job.outputPath, `${JSON.stringify({ id, replies: this.replies(id).map(reply) })}\n`);
      done += 1;
      onFrame?.({ type: 'phase', phase: 'generate', done, total: prompts.length });
      do await new Promise((resolve) => setTimeout(resolve));
      while (done >= this.waitsAfter && !stop?.aborted);
    }
    return { ok: true as const, value: { prompts: done, stopped: false, outputPath: job.outputPath } };
  }
}

async function ready() {
  const compute = new Writing();
  const { facet, folder, path } = await openFacet({ compute });
  const file = join(folder, 'pairs.jsonl');
  const rows = Array.from({ length: PROMPTS }, (_, index) => ({
    prompt: `Question ${index}`,
    chosen: 'yes',
    rejected: 'no',
    source: index < 4 ? 'sky' : 'shop',
  }));
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  await importAll(facet, file);
  const modelDir = join(folder, 'tiny');
  mkdirSync(modelDir);
  writeFileSync(join(modelDir, 'config.json'), '{}');
  const { id: modelId } = await facet.services.models.add(modelDir);
  const variants = [1, 2].map((seed) => ({
    sampling: { ...DEFAULT_SAMPLING, seed },
    codes: { mode: 'none' as const },
  }));
  const request = { modelId, runId: null, prompts: 100, sourceIds: null, variants };
  return { ...facet.services, facet, folder, path, compute, request };
}

async function collect<T>(frames: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const frame of frames) all.push(frame);
  return all;
}
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error('did not fail');
    },
    (error: unknown) => toFailure(error),
  );
const lastOf = (frames: readonly NewPairsFrame[]) => frames.at(-1);

describe('new pairs', () => {
  it('go into the labelling queue without a label, each with its origin', async () => {
    const { facet, playground, library, path, request } = await ready();
    const frames = await collect(playground.newPairs(request));
    expect(lastOf(frames)).toMatchObject({ type: 'done', pairs: PROMPTS, identical: 0 });
    const done = lastOf(frames) as Extract<NewPairsFrame, { type: 'done' }>;
    const source = (await library.sources()).find(({ id }) => id === done.sourceId);
    expect(source).toMatchObject({ name: 'tiny', pairs: PROMPTS, format: 'generated' });
    const rows = await library.rows({ text: '', sourceId: done.sourceId, status: 'unlabelled' }, 0, 50);
    expect(rows).toHaveLength(PROMPTS);
    expect(rows.every(({ imported, verdict }) => imported === null && verdict === null)).toBe(true);
    expect(await library.count({ text: 'two', sourceId: null, status: 'all' })).toBe(PROMPTS);
    expect((await (await labelAs(facet)).queue(rows[0]?.id ?? null)).items[0]?.pairId).toBe(rows[0]?.id);

    const database = new Sqlite(path, { readonly: true });
    onTestFinished(() => {
      database.close();
    });
    const stored = database
      .prepare<[], { origin: string; a: string }>(
        `SELECT origin, responses.text AS a FROM pair_origins JOIN pairs ON pairs.id = pair_id
         JOIN responses ON responses.id = pairs.a_id`,
      )
      .all();
    expect(stored).toHaveLength(PROMPTS);
    for (const { origin, a } of stored) {
      const { model, run, a: made } = JSON.parse(origin) as Record<string, { sampling: { seed: number } }>;
      expect({ model, run }).toEqual({ model: 'tiny', run: null });
      expect(made?.sampling.seed).toBe(a.startsWith('one') ? 1 : 2);
    }
  });

  it('go on after the process died, and leave no pair twice', async () => {
    const { playground, library, compute, request } = await ready();
    compute.dieAfter = 2;
    expect(await failureOf(collect(playground.newPairs(request)))).toEqual(WORKER_DIED);
    const all = { text: '', sourceId: null, status: 'all' } as const;
    expect(await library.count(all)).toBe(PROMPTS + 2);
    compute.dieAfter = Number.POSITIVE_INFINITY;
    expect(lastOf(await collect(playground.newPairs(request)))).toMatchObject({ pairs: PROMPTS - 2 });
    expect(await library.count(all)).toBe(2 * PROMPTS);
    expect(lastOf(await collect(playground.newPairs(request)))).toMatchObject({ pairs: 0 });
  });

  it('keep what is there when they are stopped', async () => {
    const { playground, library, compute, request } = await ready();
    compute.waitsAfter = 2;
    const stop = new AbortController();
    for await (const frame of playground.newPairs(request, stop.signal))
      if (frame.type === 'progress' && frame.done === 2) stop.abort();
    const stored = (await library.count({ text: '', sourceId: null, status: 'all' })) - PROMPTS;
    expect(stored).toBe(2);
    compute.waitsAfter = Number.POSITIVE_INFINITY;
    expect(lastOf(await collect(playground.newPairs(request)))).toMatchObject({ pairs: PROMPTS - stored });
  });

  it('count replies that are the same, and make a pair of every two that differ', async () => {
    const { playground, compute, request } = await ready();
    compute.replies = (id) => ['same', 'same', `other ${id}`];
    const variants = [...request.variants, ...request.variants.slice(0, 1)];
    const frames = await collect(playground.newPairs({ ...request, variants }));
    // One prompt: "same" against "other" twice is one pair.
    expect(lastOf(frames)).toMatchObject({ pairs: PROMPTS, identical: PROMPTS });
  });

  it('take the prompts of the sources asked for, and as many as asked for', async () => {
    const { playground, library, request } = await ready();
    const shop = (await library.sources()).find(({ name }) => name === 'shop')?.id as number;
    const some = await collect(playground.newPairs({ ...request, sourceIds: [shop] }));
    expect(lastOf(some)).toMatchObject({ pairs: 2 });
    expect(lastOf(await collect(playground.newPairs({ ...request, prompts: 3 })))).toMatchObject({
      type: 'done',
    });
    const failure = await failureOf(collect(playground.newPairs({ ...request, sourceIds: [99] })));
    expect(failure.code).toBe('playground.no-prompts');
  });
});

describe('a pair that is kept', () => {
  const messages = [{ role: 'user' as const, content: 'Question 0' }];

  it('is stored once, whichever side is which', async () => {
    const { playground, library } = await ready();
    const { pairId } = await playground.keepPair({ messages, a: 'left', b: 'right', origin: 'test' });
    expect(pairId).not.toBeNull();
    expect(await playground.keepPair({ messages, a: 'right', b: 'left', origin: 'test' })).toMatchObject({
      pairId: null,
    });
    const source = (await library.sources()).find(({ name }) => name === 'Playground');
    expect(source?.pairs).toBe(1);
    expect(await library.count({ text: '', sourceId: source?.id ?? 0, status: 'unlabelled' })).toBe(1);
  });

  it('says which of the stored replies each became: they are ordered by their hashes', async () => {
    const { playground, library } = await ready();
    const became: string[] = [];
    for (const [a, b] of [
      ['one', 'two'],
      ['two more', 'one more'],
      ['three', 'four'],
      ['four more', 'three more'],
    ] as const) {
      const { pairId, firstKey } = await playground.keepPair({ messages, a, b, origin: 'test' });
      const { left, right } = await library.pair(pairId ?? 0);
      expect([left, right].find(({ key }) => key === firstKey)?.text).toBe(a);
      became.push(firstKey);
    }
    expect(new Set(became)).toEqual(new Set(['a', 'b']));
  });

  it('needs two replies with text that differ', async () => {
    const { playground } = await ready();
    const keep = (a: string, b: string) => failureOf(playground.keepPair({ messages, a, b, origin: '' }));
    expect((await keep('x', 'x')).code).toBe('playground.same-reply');
    expect((await keep('x', ' ')).code).toBe('playground.empty-reply');
  });
});

describe('a reply', () => {
  it('comes in pieces and ends with its figures', async () => {
    const { playground, compute, request } = await ready();
    const { modelId } = request;
    const asked = {
      modelId,
      runId: null,
      messages: [{ role: 'user' as const, content: 'Hi' }],
      sampling: DEFAULT_SAMPLING,
      samples: 1,
      codes: { mode: 'prior' as const },
    };
    const frames = await collect(playground.generate(asked));
    expect(frames.map(({ type }) => type)).toEqual(['phase', 'text', 'text', 'done']);
    expect(frames.at(-1)).toMatchObject({ replies: [{ text: 'Hello' }], weights: [0.5, 0.5] });
    expect(compute.jobs.at(-1)).toMatchObject({ kind: 'generate', checkpointDir: null, engine: 'auto' });
  });

  it('is stopped when its reader leaves', async () => {
    const { playground, compute, request } = await ready();
    let letOn = (): void => undefined;
    compute.gate = new Promise((resolve) => {
      letOn = resolve;
    });
    const { modelId } = request;
    const asked = { modelId, runId: null, messages: [{ role: 'user' as const, content: 'Hi' }] };
    const more = { sampling: DEFAULT_SAMPLING, samples: 1, codes: { mode: 'none' as const } };
    for await (const frame of playground.generate({ ...asked, ...more })) if (frame.type === 'text') break;
    expect(compute.stopped).toBe(true);
    letOn();
  });
});

it('a project of an earlier version gets room for origins', async () => {
  const { folder } = await ready();
  const facet = facetOver(folder);
  onTestFinished(() => facet.dispose());
  const path = join(folder, 'other.facet');
  await facet.services.project.create({ path, name: 'Other' });
  const database = new Sqlite(path, { readonly: true });
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE name = 'pair_origins'").all();
  database.close();
  expect(tables).toHaveLength(1);
});
