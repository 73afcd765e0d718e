/** Rows of one scored reply each, as whole files. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { importAll, openFacet } from '../testFacet.ts';
import { FileReading, readFile } from './readFile.ts';
import type { ImportedItem } from './types.ts';

/** As HelpSteer 2 writes them. */
const rated = (prompt: string, response: string, helpfulness: number | null, verbosity = 1) => ({
  ...{ prompt, response, helpfulness, correctness: 4, coherence: 4, complexity: 2, verbosity },
});
const lines = (rows: readonly unknown[]) => rows.map((value) => `${JSON.stringify(value)}\n`).join('');

async function written(name: string, text: string) {
  const { facet, folder } = await openFacet();
  const file = join(folder, name);
  writeFileSync(file, text);
  return { facet, file };
}

async function itemsOf(path: string): Promise<ImportedItem[]> {
  const items: ImportedItem[] = [];
  for await (const { rows } of readFile({ path }, new FileReading(), 3))
    for (const { outcome } of rows) if (outcome.ok) items.push(...outcome.items);
  return items;
}

it('replies to one prompt that stand together are compared by their score, and other ratings stay', async () => {
  const { facet, file } = await written(
    'hs.jsonl',
    lines([
      rated('Why blue?', 'Because.', 1, 0),
      rated('Why blue?', 'Rayleigh.', 4),
      rated('c#', 'A language.', 3),
      rated('c#', 'A note.', 3, 2),
      rated('Alone', 'One', 3),
      rated('Three', '1', 0),
      rated('Three', '2', 3),
      rated('Three', '3', 2),
    ]),
  );
  const preview = await facet.services.library.preview(file);
  const done = await importAll(facet, file);
  expect(done.counts).toEqual(preview.counts);
  // Two, a tie, and the best of three against each: seven of eight rows.
  expect(done.counts).toMatchObject({ rows: 8, added: 4, addedRows: 7, ties: 1, refused: 1 });
  expect(done.problems).toMatchObject([{ row: 5, field: 'response' }]);
  expect(preview).toMatchObject({ format: 'replies-to-rank' });
  expect(preview.readings).toEqual(
    expect.arrayContaining([
      { part: 'replies', field: 'response' },
      { part: 'score', field: 'helpfulness' },
    ]),
  );
  const [blue] = await itemsOf(file);
  expect(blue).toMatchObject({ replies: ['Rayleigh.', 'Because.'], verdicts: [{ verdict: 'first' }] });
  expect(blue?.metadata).toEqual({
    ...{ helpfulness: [4, 1], correctness: [4, 4], coherence: [4, 4], complexity: [2, 2], verbosity: [1, 0] },
  });
  // Once more adds nothing, and each row is counted still.
  expect((await importAll(facet, file)).counts).toMatchObject({
    rows: 8,
    added: 0,
    alreadyThere: 7,
    refused: 1,
  });
});

it('a score is mapped, and rows of a table are put together across what is read at once', async () => {
  const rows = Array.from({ length: 600 }, (_, at) => [`Q${Math.floor(at / 2)}`, `A${at}`, at % 2]);
  const text = `prompt,response,merit\n${rows.map((row) => row.join(',')).join('\n')}\n`;
  const { facet, file } = await written('table.csv', text);
  expect((await facet.services.library.preview(file)).counts).toMatchObject({ added: 0, refused: 600 });
  const { counts } = await facet.services.library.preview(file, { rules: { map: { scores: 'merit' } } });
  expect(counts).toMatchObject({ rows: 600, added: 300, addedRows: 600, ties: 0, refused: 0 });
});
