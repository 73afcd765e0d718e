/** Who has seen what: on a desk, said, taken back; of others a blind project tells nothing of what is yet to be decided. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Conditions } from '#shared/library.ts';
import { importAll, openFacet } from '../../testFacet.ts';
import { labelAs } from '../../testLabeller.ts';

const PAIRS = 9;

async function project() {
  const { facet, folder } = await openFacet();
  const files = {
    pairs: Array.from({ length: PAIRS }, (_, index) => ({ prompt: `Q${index + 1}`, a: 'yes', b: 'no' })),
    set: [{ prompt: 'Which?', responses: ['one', 'two', 'three'] }],
  };
  for (const [name, rows] of Object.entries(files)) {
    const file = join(folder, `${name}.jsonl`);
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await importAll(facet, file);
  }
  const [ada, bo] = [await labelAs(facet, 'Ada'), await labelAs(facet, 'Bo')];
  const { library, people } = facet.services;
  const idsOf = (seen: NonNullable<Conditions['seen']>, who?: typeof ada.who) =>
    library.ids(
      { text: '', sourceId: null, status: 'all', where: { seen }, sort: null, offset: 0, limit: 100 },
      who,
    );
  return { facet, ada, bo, idsOf, people };
}

it('is what came to the desk and what was said, whatever was taken back', async () => {
  const { facet, ada, bo, idsOf, people } = await project();
  await facet.services.project.updateSettings({ blind: false });
  const first = await ada.queue();
  const desk = first.items.map(({ pairId }) => pairId);
  expect(desk).toEqual([1, 2, 3, 4, 5]);
  expect(await idsOf({ by: [ada.annotatorId] })).toEqual(desk);
  expect(await idsOf({ by: [bo.annotatorId] })).toEqual([]);

  // Each verdict brings the next pair; the shell decides of what was on no desk.
  await ada.decide({ pairId: 1, verdict: 'a' });
  await ada.decide({ pairId: 2, verdict: 'skip' });
  await bo.decide({ pairId: 9, verdict: 'b' }, { filter: { text: 'Q9', sourceId: null, status: 'all' } });
  await ada.undo();
  expect(await idsOf({ by: [ada.annotatorId] })).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(await idsOf({ by: [ada.annotatorId], unsaid: true })).toEqual([2, 3, 4, 5, 6, 7]);
  expect(await idsOf({ by: [bo.annotatorId] })).toContain(9);
  expect(await idsOf({ by: [ada.annotatorId, bo.annotatorId], unsaid: true })).not.toContain(9);
  expect((await people.seen()).find(({ annotatorId }) => annotatorId === ada.annotatorId)).toEqual({
    annotatorId: ada.annotatorId,
    pairs: 7,
    unsaid: 6,
  });

  // Replies that are ranked are all of their pairs.
  await ada.queue(PAIRS + 1);
  expect(await idsOf({ by: [ada.annotatorId] })).toEqual(
    expect.arrayContaining([PAIRS + 1, PAIRS + 2, PAIRS + 3]),
  );
  await facet.services.library.change({ selection: { ids: [3] }, action: 'exclude' });
  expect(await idsOf({ by: [ada.annotatorId] })).not.toContain(3);
});

it('is told of others in a blind project once one has decided; numbers tell of no pair', async () => {
  const { ada, bo, idsOf, people } = await project();
  await ada.queue();
  await bo.queue();
  await bo.decide({ pairId: 2, verdict: 'a' });
  expect(await idsOf({ by: [ada.annotatorId] }, bo.who)).toEqual([2]);
  expect(await idsOf({ by: [bo.annotatorId] }, ada.who)).toEqual([]);
  expect(await idsOf({ by: [ada.annotatorId] }, ada.who)).toEqual([1, 2, 3, 4, 5]);
  expect((await people.seen()).map(({ pairs }) => pairs)).toEqual([5, 6]);
});
