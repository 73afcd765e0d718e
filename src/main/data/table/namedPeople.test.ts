/** People whom files name: they decide as those who label here do. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Conditions } from '#shared/library.ts';
import type { Connection } from '../../services/Connection.ts';
import { importAll, openFacet } from '../../testFacet.ts';
import { labelAs } from '../../testLabeller.ts';

it('are among those to choose from, and differ among themselves', async () => {
  const { facet, folder } = await openFacet();
  const rows = [
    { annotator: 'p1', prompt: 'Q1', chosen: 'A', rejected: 'B' },
    { annotator: 'p2', prompt: 'Q1', chosen: 'B', rejected: 'A' },
    { annotator: 'p1', prompt: 'Q2', chosen: 'A', rejected: 'B' },
    { annotator: 'p2', prompt: 'Q2', chosen: 'A', rejected: 'B' },
    { annotator: 'p1', prompt: 'Q3', chosen: 'A', rejected: 'B' },
    { prompt: 'Q4', chosen: 'A', rejected: 'B' },
  ];
  const file = join(folder, 'people.jsonl');
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await importAll(facet, file);
  const { library, project } = facet.services;
  await project.updateSettings({ blind: false });
  const { people } = await library.choices();
  expect(people.map(({ name, kind }) => [name, kind])).toEqual([
    ['p1', 'import'],
    ['p2', 'import'],
  ]);
  const prompts = async (where: Conditions) =>
    (await library.rows({ text: '', sourceId: null, status: 'all', where }, 0, 10)).map(
      ({ prompt }) => prompt,
    );
  const idOf = (name: string) => people.find((person) => person.name === name)?.id ?? 0;
  expect(await prompts({ annotators: [idOf('p2')] })).toEqual(['Q1', 'Q2']);
  expect(await prompts({ annotators: [idOf('p1'), idOf('p2')] })).toEqual(['Q1', 'Q2', 'Q3']);
  expect(await prompts({ disagreement: 'people' })).toEqual(['Q1']);
  await project.updateSettings({ blind: true });
  expect(await prompts({ disagreement: 'people' })).toEqual([]);
});

it('find what somebody flagged, of a blind project only what the viewer may see', async () => {
  const { facet, folder } = await openFacet();
  const file = join(folder, 'two.jsonl');
  writeFileSync(
    file,
    ['Q1', 'Q2', 'Q3'].map((prompt) => `${JSON.stringify({ prompt, a: 'A', b: 'B' })}\n`).join(''),
  );
  await importAll(facet, file);
  const [ada, bo] = [await labelAs(facet, 'Ada'), await labelAs(facet, 'Bo')];
  const said = { strength: null, aspects: {}, confidence: null, rationale: null };
  await ada.queue();
  await ada.decide({ pairId: 1, verdict: 'a', attributes: { ...said, flag: 'private' } });
  await ada.decide({ pairId: 2, verdict: 'skip', attributes: { ...said, flag: 'odd' } });
  const { library, project } = facet.services;
  const filter = { text: '', sourceId: null, status: 'all', where: { flagged: true } } as const;
  const flagged = async (who: Connection) =>
    (await library.rows(filter, 0, 10, who)).map(({ prompt }) => prompt);
  await project.updateSettings({ blind: true });
  expect(await flagged(ada.who)).toEqual(['Q1', 'Q2']);
  expect(await flagged(bo.who)).toEqual([]);
  await project.updateSettings({ blind: false });
  expect(await flagged(bo.who)).toEqual(['Q1', 'Q2']);
  await ada.undo();
  expect(await flagged(bo.who)).toEqual(['Q1']);
});
