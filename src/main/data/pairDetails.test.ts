import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';

it('tell who has a pair before them and who has spoken, to those who may know', async () => {
  const { facet, folder } = await openFacet();
  const file = join(folder, 'pairs.jsonl');
  const rows = [
    { prompt: 'Q1', chosen: 'yes', rejected: 'no' },
    { prompt: 'Q2', responses: ['one', 'two', 'three'] },
  ];
  for (const [index, row] of rows.entries()) {
    writeFileSync(`${file}.${index}`, JSON.stringify(row));
    await importAll(facet, `${file}.${index}`);
  }
  const [ada, bo, cy] = await Promise.all(['Ada', 'Bo', 'Cy'].map((name) => labelAs(facet, name)));
  if (!ada || !bo || !cy) throw new Error('nobody labels');
  await ada.queue();
  await ada.decide({ pairId: 1, verdict: 'a' });
  const { library } = facet.services;
  const told = async (pairId: number, who: typeof ada) => {
    const { labels, onDesks } = await library.details(pairId, who.who);
    return [labels.flatMap(({ annotator }) => annotator ?? []), onDesks.map(({ annotator }) => annotator)];
  };
  expect(await told(1, ada)).toEqual([['Ada'], []]);
  await bo.queue();
  await cy.queue();
  expect(await told(1, ada)).toEqual([['Ada'], ['Bo', 'Cy']]);
  await bo.decide({ pairId: 1, verdict: 'skip' });
  expect(await told(1, ada)).toEqual([['Ada', 'Bo'], ['Cy']]);
  // A blind project says nothing of others to somebody who has yet to decide.
  expect(await told(1, cy)).toEqual([[], []]);
  expect(await told(2, ada)).toEqual([[], []]);
  await facet.services.project.updateSettings({ blind: false });
  expect(await told(1, cy)).toEqual([['Ada', 'Bo'], ['Cy']]);
  // Replies that are ranked are before all who have their set.
  expect(await told(2, cy)).toEqual([[], ['Ada', 'Bo', 'Cy']]);
});
