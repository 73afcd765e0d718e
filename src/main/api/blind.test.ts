/** Before the verdict: what a file, colleagues and a model say of a pair must make no difference to what a page is sent. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import Sqlite from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { FakeCompute } from '../services/fakeCompute.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';

const PAIRS = 6;
const STATUSES = ['all', 'unlabelled', 'labelled', 'skipped'] as const;

/** Two replies to each prompt; in the other world the file prefers, Bob chooses and a model scores the other one. */
async function world(other: boolean) {
  const compute = new FakeCompute();
  const { facet, folder, path } = await openFacet({ compute });
  const file = join(folder, 'pairs.jsonl');
  const rows = Array.from({ length: PAIRS }, (_, index) => {
    const replies = [`Yes, ${index}.`, `No, ${index}.`];
    const [chosen, rejected] = (index % 2 === 0) === other ? replies : replies.toReversed();
    return { prompt: `Question ${index}`, chosen, rejected };
  });
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  await importAll(facet, file);
  const database = new Sqlite(path);
  onTestFinished(() => {
    database.close();
  });
  const { models, runs } = facet.services;
  writeFileSync(join(folder, 'config.json'), '{}');
  const { id: modelId } = await models.add(folder);
  const selection = { labels: 'imported', sourceIds: null } as const;
  const run = await runs.start({ modelId, config: { ...DEFAULT_RUN, steps: 1 }, selection });
  await runs.wait(run.id);
  if (other)
    database.exec('UPDATE pair_results SET margin = -margin; UPDATE code_activations SET top_code = 1');
  return { facet, database, modelId, other };
}

/** Everything that a page may ask of pairs, for one who has skipped the last pair and decided none. */
async function seen({ facet, modelId, other }: Awaited<ReturnType<typeof world>>, blind: boolean) {
  const ada = await labelAs(facet);
  const bob = await labelAs(facet, 'Bob');
  const client = createRouterClient(facet.router, { context: { connection: ada.who } });
  await client.project.updateSettings({ blind });
  for (let pairId = 1; pairId <= PAIRS; pairId += 1) {
    const verdict = other ? ('b' as const) : ('a' as const);
    await bob.decide({ pairId, verdict });
  }
  await ada.decide({ pairId: PAIRS, verdict: 'skip' });
  const everything = { text: '', sourceId: null } as const;
  const answers: unknown[] = [await client.project.current(), await client.library.sources()];
  for (const status of STATUSES) {
    for (const text of ['', 'yes', 'no', 'question 3']) {
      const filter = { ...everything, status, text };
      answers.push(await client.library.count(filter));
      answers.push(await client.library.rows({ ...filter, offset: 0, limit: 100 }));
      answers.push(await client.library.statusCounts(filter));
    }
  }
  for (let pairId = 1; pairId <= PAIRS; pairId += 1) {
    const { items } = await client.annotate.queue({ pairId });
    answers.push(await client.library.pair({ pairId }).then(({ left: _, right: __, ...rest }) => rest));
    // Which reply is on the left is drawn by lot; which key a text has is not.
    answers.push(
      items.map(({ left, right, ...rest }) => ({ ...rest, [left.key]: left, [right.key]: right })),
    );
    answers.push(await client.playground.tokens({ modelId, pairId, config: DEFAULT_RUN }));
  }
  const { path, createdAt, ...project } = answers[0] as Record<string, unknown>;
  expect([typeof path, typeof createdAt]).toEqual(['string', 'string']);
  const withoutTimes = (_: string, value: unknown) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT|facet-test/.test(value) ? '' : value;
  return JSON.parse(JSON.stringify([project, ...answers.slice(1)], withoutTimes)) as unknown;
}

it('two worlds with opposite labels, verdicts and scores look the same to whoever has yet to decide', async () => {
  const worlds = [await world(false), await world(true)] as const;
  expect(await seen(worlds[0], true)).toEqual(await seen(worlds[1], true));
});

it('they differ where the project is not blind', async () => {
  const worlds = [await world(false), await world(true)] as const;
  expect(await seen(worlds[0], false)).not.toEqual(await seen(worlds[1], false));
});

it('a verdict brings to light what was hidden', async () => {
  const { facet } = await world(false);
  const ada = await labelAs(facet);
  const client = createRouterClient(facet.router, { context: { connection: ada.who } });
  const row = async () =>
    (await client.library.rows({ text: '', sourceId: null, status: 'all', offset: 0, limit: 1 }))[0];
  expect(await row()).toMatchObject({ hidden: true, imported: null, margin: null, code: null, by: null });
  await ada.decide({ pairId: 1, verdict: 'tie' });
  expect(await row()).toMatchObject({ hidden: false, margin: 1.5, verdict: 'tie' });
  expect((await row())?.imported).toMatch(/^[ab]$/);
});
