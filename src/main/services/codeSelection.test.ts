import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import type { PairFilter } from '#shared/entities.ts';
import { temporaryFolder } from '../data/testProject.ts';
import { facetOver, importAll } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';
import { FakeCompute } from './fakeCompute.ts';

const EVERYTHING: PairFilter = { text: '', sourceId: null, status: 'all' };

/** Prompts 1 … 12; odd ones fire code 2, even ones code 0. The first four are of the source sky, the others of shop. */
async function trained(prompts = 12) {
  const folder = temporaryFolder();
  const facet = facetOver(folder, { compute: new FakeCompute() });
  onTestFinished(() => facet.dispose());
  const { project, models, runs, library } = facet.services;
  await project.create({ path: join(folder, 'pairs.facet'), name: 'Pairs' });
  const rows = Array.from({ length: prompts }, (_, index) =>
    JSON.stringify({
      prompt: `What of ${index + 1}?`,
      chosen: `yes ${index}`,
      rejected: `no ${index}`,
      source: index < 4 ? 'sky' : 'shop',
      aspect: index % 3 === 0 ? 'tone' : 'facts',
    }),
  );
  writeFileSync(join(folder, 'pairs.jsonl'), rows.join('\n'));
  await importAll(facet, join(folder, 'pairs.jsonl'));
  mkdirSync(join(folder, 'model'));
  writeFileSync(join(folder, 'model', 'config.json'), '{}');
  const { id: runId } = await runs.start({
    modelId: (await models.add(join(folder, 'model'))).id,
    config: { ...DEFAULT_RUN, steps: 2 },
    selection: { labels: 'imported', sourceIds: null },
  });
  await runs.wait(runId);
  const change = (ids: number[], action: 'tag' | 'exclude', tag?: string) =>
    library.change({ selection: { ids }, action, ...(tag === undefined ? {} : { tag }) });
  return { facet, runId, codes: facet.services.codes, library, project, change };
}

it('finds the pairs of codes, prompts, sources, aspects and tags, and of all that is named at once', async () => {
  const { runId, codes, change } = await trained();
  await change([1, 2, 3], 'tag', 'look again');
  const ids = async (selection: Parameters<typeof codes.select>[1]) =>
    (await codes.select({ runId }, selection)).pairIds;
  expect(await ids({ codes: [0] })).toEqual([2, 4, 6, 8, 10, 12]);
  expect(await ids({ codes: [0, 2] })).toHaveLength(12);
  expect(await ids({ codes: [1] })).toEqual([]);
  expect(await ids({ promptIds: [3, 4] })).toEqual([3, 4]);
  expect(await ids({ codes: [2], promptIds: [3, 4] })).toEqual([3]);
  expect(await ids({ codes: [0], group: { by: 'source', name: 'sky' } })).toEqual([2, 4]);
  expect(await ids({ codes: [0], group: { by: 'aspect', name: 'tone' } })).toEqual([4, 10]);
  expect(await ids({ codes: [2], group: { by: 'tag', name: 'look again' } })).toEqual([1, 3]);
  expect(await ids({ group: { by: 'tag', name: 'no such tag' } })).toEqual([]);
  expect(await ids({ listed: { search: 'of 1', code: null, source: null } })).toEqual([1, 10, 11, 12]);
  expect(await ids({ listed: { search: 'OF 1', code: 2, source: 'shop' } })).toEqual([11]);
  expect(await ids({ codes: [0], listed: { search: '', code: null, source: 'sky' } })).toEqual([2, 4]);
  expect(await codes.select({ runId }, {})).toMatchObject({ pairs: 12, prompts: 12 });
  await expect(codes.select({ runId }, { codes: [0, 9] })).rejects.toMatchObject({
    failure: { code: 'codes.unknown-code' },
  });
});

it('leaves out excluded pairs, and keeps the place of their prompts', async () => {
  const { runId, codes, change } = await trained();
  await change([2], 'exclude');
  expect((await codes.select({ runId }, { codes: [0] })).pairIds).toEqual([4, 6, 8, 10, 12]);
  expect((await codes.heatMap({ runId }, 'source')).groups).toEqual([
    { name: 'shop', start: 0, rows: 8 },
    { name: 'sky', start: 8, rows: 4 },
  ]);
  expect(await codes.prompt({ runId }, 2)).toMatchObject({ source: 'sky' });
});

it('puts prompts together by aspect, tag or annotator, and tells who decided only to those who have', async () => {
  const { facet, runId, codes, change } = await trained();
  const groups = async (
    ...asked: [Parameters<typeof codes.heatMap>[1], Parameters<typeof codes.heatMap>[2]?]
  ) => (await codes.heatMap({ runId }, ...asked)).groups.map(({ name, rows }) => [name, rows]);
  expect(await groups('aspect')).toEqual([
    ['facts', 8],
    ['tone', 4],
  ]);
  // Every second prompt has another mix.
  expect((await groups('cluster')).map(([name, rows]) => [String(name).slice(3), rows]).sort()).toEqual([
    ['code 0', 6],
    ['code 2', 6],
  ]);
  expect(await groups('tag')).toEqual([['', 12]]);
  await change([1, 2, 3], 'tag', 'look again');
  expect(await groups('tag')).toEqual([
    ['', 9],
    ['look again', 3],
  ]);
  const ada = await labelAs(facet, 'Ada');
  await ada.decide({ pairId: 1, verdict: 'a' });
  expect(await groups('annotator', ada.who)).toEqual([
    ['', 11],
    ['Ada', 1],
  ]);
  const ben = await labelAs(facet, 'Ben');
  expect(await groups('annotator', ben.who)).toEqual([['', 12]]);
});

it('says who labelled the pairs of a code, and how far others agree there', async () => {
  const { facet, runId, codes, project } = await trained();
  const ada = await labelAs(facet, 'Ada');
  const ben = await labelAs(facet, 'Ben');
  for (const pairId of [1, 2, 3, 5]) await ada.decide({ pairId, verdict: 'a' });
  await ben.decide({ pairId: 1, verdict: 'a' });
  await ben.decide({ pairId: 3, verdict: 'b' });
  const people = async (who: typeof ada.who) => (await codes.page({ runId }, 2, who)).annotators;
  expect(await people(ben.who)).toEqual([
    { name: 'Ada', pairs: 2, others: 2, same: 1 },
    { name: 'Ben', pairs: 2, others: 2, same: 1 },
  ]);
  await project.updateSettings({ blind: false });
  expect((await people(ben.who))[0]).toEqual({ name: 'Ada', pairs: 3, others: 2, same: 1 });
});

it('lists prompts by page, ordered, searched and filtered', async () => {
  const { runId, codes } = await trained();
  const all = {
    sort: 'added',
    descending: false,
    search: '',
    code: null,
    source: null,
    offset: 0,
    limit: 5,
  } as const;
  const list = async (changes: Partial<Parameters<typeof codes.prompts>[1]>) => {
    const { total, rows } = await codes.prompts({ runId }, { ...all, ...changes });
    return [total, ...rows.map(({ promptId }) => promptId)];
  };
  expect(await list({})).toEqual([12, 1, 2, 3, 4, 5]);
  expect(await list({ offset: 10 })).toEqual([12, 11, 12]);
  expect(await list({ descending: true, limit: 2 })).toEqual([12, 12, 11]);
  expect(await list({ sort: 'source', limit: 3 })).toEqual([12, 5, 6, 7]);
  expect(await list({ sort: 'code', descending: true, limit: 3 })).toEqual([12, 1, 3, 5]);
  expect(await list({ sort: 'weight', limit: 2 })).toEqual([12, 2, 4]);
  // (0.8, 0, 0.2) is more mixed than (0.1, 0, 0.9).
  expect(await list({ sort: 'mixed', descending: true, limit: 2 })).toEqual([12, 2, 4]);
  expect(await list({ search: 'WHAT of 1' })).toEqual([4, 1, 10, 11, 12]);
  expect(await list({ search: '%' })).toEqual([0]);
  expect(await list({ code: 0, source: 'sky' })).toEqual([2, 2, 4]);
  const { rows } = await codes.prompts({ runId }, { ...all, limit: 1 });
  expect(rows[0]).toMatchObject({ source: 'sky', codes: [{ code: 2 }, { code: 0 }, { code: 1 }] });
  expect(rows[0]?.text).toContain('What of 1?');
});

it('agrees with the Library’s filter by code of the same checkpoint', async () => {
  const { runId, codes, library, project } = await trained();
  await project.updateSettings({ blind: false });
  await library.showFigures({ runId, kind: 'last' });
  for (const code of [0, 1, 2]) {
    const filter = { ...EVERYTHING, where: { codes: [code] } };
    const shown = await library.ids({ ...filter, sort: null, offset: 0, limit: 100 });
    expect((await codes.select({ runId }, { codes: [code] })).pairIds, `code ${code}`).toEqual(shown);
  }
});

it('tells who decided a pair of a blind project only to those who have decided it', async () => {
  const { facet, runId, codes, project } = await trained();
  const ada = await labelAs(facet, 'Ada');
  const ben = await labelAs(facet, 'Ben');
  for (const pairId of [1, 2, 3]) await ada.decide({ pairId, verdict: 'a' });
  await ada.decide({ pairId: 4, verdict: 'skip' });
  await ben.decide({ pairId: 2, verdict: 'b' });
  const byAda = { group: { by: 'annotator', name: 'Ada' } } as const;
  const asked = async (who: typeof ada.who) => (await codes.select({ runId }, byAda, who)).pairIds;
  expect(await asked(ada.who)).toEqual([1, 2, 3]);
  expect(await asked(ben.who)).toEqual([2]);
  await project.updateSettings({ blind: false });
  expect(await asked(ben.who)).toEqual([1, 2, 3]);
});

it('counts how the codes of pairs fall on groups', async () => {
  const { facet, runId, codes, change } = await trained();
  const sources = await codes.matrix({ runId }, 'source');
  expect(sources).toMatchObject({ by: 'source', others: 0 });
  expect(sources.groups.map(({ name, pairs, first }) => ({ name, pairs, first }))).toEqual([
    { name: 'shop', pairs: 8, first: [4, 0, 4] },
    { name: 'sky', pairs: 4, first: [2, 0, 2] },
  ]);
  // Half of the pairs have p = (0.1, 0, 0.9), the other half (0.8, 0, 0.2).
  for (const [code, mean] of [0.45, 0, 0.55].entries())
    expect(sources.groups[1]?.mean[code]).toBeCloseTo(mean, 6);
  // Aspects tone of 1, 4, 7 and 10.
  expect((await codes.matrix({ runId }, 'aspect')).groups[1]).toMatchObject({
    name: 'tone',
    pairs: 4,
    first: [2, 0, 2],
  });
  expect(await codes.matrix({ runId }, 'tag')).toEqual({ by: 'tag', groups: [], others: 0 });
  await change([1, 2, 3], 'tag', 'look again');
  await change([2, 12], 'tag', 'even');
  expect((await codes.matrix({ runId }, 'tag')).groups.map(({ name, first }) => [name, first])).toEqual([
    ['look again', [1, 0, 2]],
    ['even', [2, 0, 0]],
  ]);
  const ada = await labelAs(facet, 'Ada');
  await ada.decide({ pairId: 3, verdict: 'a' });
  await ada.decide({ pairId: 4, verdict: 'skip' });
  expect((await codes.matrix({ runId }, 'annotator')).groups).toMatchObject([
    { name: 'Ada', pairs: 1, first: [0, 0, 1] },
  ]);
});

it('draws pairs of under-labelled codes alone, as many as they want', async () => {
  const { facet, runId, codes } = await trained(24);
  const ada = await labelAs(facet, 'Ada');
  const even = Array.from({ length: 10 }, (_, index) => 2 * index + 2);
  for (const pairId of even) await ada.decide({ pairId, verdict: 'a' });
  await ada.decide({ pairId: 1, verdict: 'tie' });
  await ada.decide({ pairId: 3, verdict: 'skip' });
  const coverage = await codes.coverage({ runId });
  expect(coverage.codes).toEqual([
    { code: 0, pairs: 12, labelled: 10, wanted: 0 },
    { code: 1, pairs: 0, labelled: 0, wanted: 0 },
    { code: 2, pairs: 12, labelled: 1, wanted: 9 },
  ]);
  expect(coverage.pairIds).toHaveLength(9);
  expect(coverage.pairIds.every((pairId) => pairId % 2 === 1 && pairId !== 1)).toBe(true);
  expect(await codes.coverage({ runId })).toEqual(coverage);
});
