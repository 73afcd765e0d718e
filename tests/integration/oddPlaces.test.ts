/** Names and clocks that are not as usual: a project works there from its first pair to a backup, and what was decided stays decided. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { temporaryFolder } from '#main/data/testProject.ts';
import { facetOver, importAll } from '#main/testFacet.ts';
import { labelAs } from '#main/testLabeller.ts';

afterEach(() => vi.useRealTimers());

const ROWS = [1, 2, 3].map((n) =>
  JSON.stringify({ prompt: `Q${n}`, chosen: `yes ${n}`, rejected: `no ${n}` }),
);

it.each([
  ['spaces and marks', 'my pairs (2) – it’s “new” #1 100 %'],
  ['emoji and other scripts', '🪴 植物 النباتات растения'],
  // With `.facet.files` beside it: file systems take 255 bytes.
  ['two hundred characters', 'x'.repeat(200)],
  ['what a shell or a URL would read', "a'b;c&d$(e)`f`?g=h%2e%2e"],
])('a path of %s', async (_, name) => {
  const folder = join(temporaryFolder(), name);
  mkdirSync(folder);
  const path = join(folder, `${name}.facet`);
  const pairs = join(folder, `${name}.jsonl`);
  writeFileSync(pairs, ROWS.join('\n'));
  const facet = facetOver(folder);
  const { project } = facet.services;
  await project.create({ path, name });
  await importAll(facet, pairs);
  const ada = await labelAs(facet);
  await ada.decide({ pairId: 2, verdict: 'tie' });
  await project.backUp();
  await project.close();
  expect((await project.open(path)).counts).toMatchObject({ pairs: 3, labelled: 1 });
  expect(project.backups(null).backups).toHaveLength(1);
  const restored = await project.restore(null, project.backups(null).backups[0]?.name ?? '');
  expect(restored.counts).toMatchObject({ pairs: 3, labelled: 1 });
  await facet.dispose();
});

it('a clock that was set back by a year changes nothing that was decided', async () => {
  const folder = temporaryFolder();
  const pairs = join(folder, 'pairs.jsonl');
  writeFileSync(pairs, ROWS.join('\n'));
  const facet = facetOver(folder);
  const { project, annotate } = facet.services;
  await project.create({ path: join(folder, 'p.facet'), name: 'P' });
  await importAll(facet, pairs);
  const ada = await labelAs(facet);
  await ada.decide({ pairId: 1, verdict: 'a' });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 365 * 24 * 60 * 60 * 1000 });
  await ada.decide({ pairId: 1, verdict: 'tie' });
  const standing = () => annotate.verdicts(1).standing.find(({ annotator }) => annotator === 'Ada')?.verdict;
  expect(standing()).toBe('tie');
  await ada.undo();
  expect(standing()).toBe('a');
  await ada.redo();
  expect(standing()).toBe('tie');
  await project.backUp();
  await project.close();
  expect((await project.open(join(folder, 'p.facet'))).counts.labelled).toBe(1);
  await facet.dispose();
});
