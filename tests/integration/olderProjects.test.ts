/** Projects that earlier versions wrote, each opened by this one: nothing of them is lost, and runs are whole. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LATER_SETTINGS } from '#core/laterSettings.ts';
import { DEFAULT_LATENT, DEFAULT_RUN } from '#core/runConfig.ts';
import { evaluationFrame, stepFrame } from '#core/testFrames.ts';
import { connectReader } from '#main/data/database.ts';
import { SCHEMA_VERSION } from '#main/data/migrations/index.ts';
import { Connection } from '#main/services/Connection.ts';
import { facetOver } from '#main/testFacet.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures', 'projects');
const versions = Array.from({ length: SCHEMA_VERSION - 1 }, (_, index) => index + 1);
/** Runs are stored since this one. */
const FIRST_WITH_RUNS = 3;
const FIRST_WITH_HISTORY = 9;
const FIRST_WITH_BEST_BY = 34;

/** The project of a version, opened over the contract, which checks everything that it answers. */
async function open(folder: string, version: number) {
  const path = join(folder, 'old.facet');
  writeFileSync(path, gunzipSync(readFileSync(join(fixtures, `schema-${version}.facet.gz`))));
  const facet = facetOver(folder);
  const client = createRouterClient(facet.router, { context: { connection: new Connection() } });
  return { facet, client, project: await client.project.open({ path }), path };
}

describe.each(versions)('a project of schema %i', (version) => {
  const folder = mkdtempSync(join(tmpdir(), 'facet-older-'));
  let opened: Awaited<ReturnType<typeof open>>;

  beforeAll(async () => {
    opened = await open(folder, version);
  });
  afterAll(async () => {
    await opened.facet.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps its name, settings and pairs, and finds them by their words', async () => {
    const { client, project } = opened;
    expect(project).toMatchObject({
      name: 'Twelve pairs',
      settings: { guidelines: 'Prefer what helps.', blind: true },
      counts: { pairs: 12, prompts: 12, runs: version < FIRST_WITH_RUNS ? 0 : 1 },
    });
    const rows = await client.library.rows({ offset: 0, limit: 50 });
    expect(rows).toHaveLength(12);
    expect(rows[0]).toMatchObject({ source: 'Customer support', aspect: 'polite over plain' });
    expect(rows[0]?.prompt).toBe('My clock is late. When will it get here?');
    const found = await client.library.rows({ text: 'clock', offset: 0, limit: 50 });
    expect(found.map(({ id }) => id)).toContain(1);
  });

  it('keeps every verdict as it stands, and how it came to be', async () => {
    const database = connectReader(opened.path);
    const standing = database
      .prepare(
        `SELECT name, pair_id, decision FROM standing JOIN annotators ON annotators.id = annotator_id
         WHERE kind = 'person' ORDER BY name, pair_id`,
      )
      .raw()
      .all();
    expect(standing).toEqual([
      ['Ada', 1, 'b'],
      ['Ada', 2, 'b'],
      ['Ada', 3, 'tie'],
      ['Ada', 4, 'skip'],
      ['Bo', 2, 'a'],
    ]);
    const history = database.prepare(
      `SELECT decision, left_key, duration_ms FROM annotations JOIN annotators ON annotators.id = annotator_id
       WHERE name = 'Ada' AND pair_id = ? ORDER BY annotations.id`,
    );
    expect(history.raw().all(1)).toEqual([
      ['a', 'a', 1501],
      ['b', 'a', 1501],
    ]);
    expect(history.pluck().all(5)).toEqual(['both_bad', 'retracted']);
    const imported = database.prepare(
      `SELECT count(*) FROM standing JOIN annotators ON annotators.id = annotator_id WHERE kind = 'import'`,
    );
    expect(imported.pluck().get()).toBe(12);
    database.close();
  });

  const hasRun = version >= FIRST_WITH_RUNS;
  describe.each(hasRun ? ['its run'] : [])('%s', () => {
    it('has every setting, with what runs did then where they could not choose', async () => {
      const { client } = opened;
      const [run] = await client.runs.list();
      expect(run).toMatchObject({ name: 'Two steps', state: 'finished', step: 2, pairs: 10 });
      // τ at the end could not be chosen at first: it stayed.
      const finalTemperature = version === FIRST_WITH_RUNS ? 0.5 : 1;
      expect(run?.config).toEqual({
        ...DEFAULT_RUN,
        ...LATER_SETTINGS.trainingLoop.run,
        ...LATER_SETTINGS.warmStart.run,
        ...(version < FIRST_WITH_BEST_BY && LATER_SETTINGS.bestBy.run),
        ...{ trainable: 'heads', steps: 2, warmupSteps: 1, evaluateEvery: 0, seed: 3, engine: 'onnx-cpu' },
        latent: {
          ...DEFAULT_LATENT,
          ...LATER_SETTINGS.warmStart.latent,
          codes: 4,
          temperature: 0.5,
          finalTemperature,
        },
      });
    });

    it('has every figure of its steps and evaluation, null where it was not measured', async () => {
      const { client } = opened;
      const whole = { step: stepFrame(), evaluation: evaluationFrame() };
      const seen = { step: 0, evaluation: 0 };
      for await (const frame of await client.runs.frames({ runId: 1 })) {
        if (frame.type !== 'step' && frame.type !== 'evaluation') continue;
        seen[frame.type] += 1;
        // Younger figures are optional.
        expect(Object.keys(frame)).toEqual(expect.arrayContaining(Object.keys(whole[frame.type])));
        expect(frame.loss).toBeGreaterThan(0);
      }
      expect(seen).toEqual({ step: 2, evaluation: 1 });
    });

    it('has its codes', async () => {
      const { client } = opened;
      expect(await client.codes.overview({ runId: 1 })).toMatchObject({ codes: 4, prompts: 12 });
      const top = await client.codes.topPrompts({ runId: 1, code: 0, limit: 3 });
      expect(top).toHaveLength(3);
    });
  });

  // The last, since it changes what stands.
  it('keeps its people, and what each of them decided can be taken back to the first, and done again', async () => {
    const { client } = opened;
    const people = (await client.annotate.annotators()).map(({ name }) => name);
    expect(people).toEqual(expect.arrayContaining(['Ada', 'Bo']));
    const { id: annotatorId } = await client.annotate.identify({ name: 'Ada' });
    let queue = await client.annotate.queue({ pairId: null });
    const undone = [];
    for (let step = queue.undo; step !== null; step = queue.undo) {
      undone.push([step.pairId, step.verdict, step.otherwise]);
      queue = await client.annotate.undo({ annotatorId, step: step.id });
      expect(queue.items[0]).toMatchObject({ pairId: step.pairId, verdict: step.otherwise });
    }
    expect(undone).toEqual([
      [1, 'b', 'a'],
      [4, 'skip', null],
      [3, 'tie', null],
      [2, 'b', null],
      [1, 'a', null],
    ]);
    expect(queue).toMatchObject({ decided: 0, total: 12 });
    for (let step = queue.redo; step !== null; step = queue.redo) {
      queue = await client.annotate.redo({ annotatorId, step: step.id });
    }
    // What was taken back can be done again since there is one history.
    const last =
      version < FIRST_WITH_HISTORY ? { pairId: 1, verdict: 'b' } : { pairId: 5, verdict: 'both_bad' };
    const decided = version < FIRST_WITH_HISTORY ? 4 : 5;
    expect(queue).toMatchObject({ decided, skipped: 1, undo: last });
  });
});
