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

it('replies to one prompt are compared by their score, wherever they stand, and other ratings stay', async () => {
  const { facet, file } = await written(
    'hs.jsonl',
    lines([
      rated('Why blue?', 'Because.', 1, 0),
      rated('Three', '1', 0),
      rated('c#', 'A language.', 3),
      rated('Three', '2', 3),
      rated('Alone', 'One', 3),
      rated('c#', 'A note.', 3, 2),
      rated('Why blue?', 'Rayleigh.', 4),
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

/** Annotator, prompt, reply, score. */
const by = (annotator: string | null, prompt: string, response: string, score: unknown, more = {}) => ({
  ...{ ...(annotator !== null && { annotator }), prompt, response, score },
  ...more,
});

it('a rated reply alone is a single, good or bad from the score that a person names', async () => {
  const { facet, file } = await written(
    'alone.jsonl',
    lines([by(null, 'P', ' good\n', 4, { id: 'x' }), by(null, 'Q', 'bad', 2), by(null, 'R', 'even', 3)]),
  );
  const asked = await facet.services.library.preview(file);
  expect(asked.counts).toMatchObject({ rows: 3, refused: 3, singles: 0 });
  expect(asked.problems[0]?.reason).toContain('--good-from');
  const rules = { goodFrom: 3 };
  const preview = await facet.services.library.preview(file, { rules });
  expect(preview).toMatchObject({ format: 'singles', counts: { rows: 3, singles: 3, added: 0, refused: 0 } });
  const items: ImportedItem[] = [];
  for await (const { rows } of readFile(
    { path: file },
    new FileReading({ given: rules, remembered: () => null }),
    9,
  ))
    for (const { outcome } of rows) if (outcome.ok) items.push(...outcome.items);
  expect(items).toMatchObject([
    { kind: 'single', reply: ' good\n', desirable: true, itemId: 'x', metadata: { score: 4 } },
    { kind: 'single', reply: 'bad', desirable: false, metadata: { score: 2 } },
    { kind: 'single', reply: 'even', desirable: true, metadata: { score: 3 } },
  ]);
});

it('what several people gave the same replies are verdicts of each on one pair', async () => {
  const { facet, file } = await written(
    'people.jsonl',
    lines([
      by('ann', 'P', 'x', 5),
      by('bob', 'P', 'y', 4),
      by('ann', 'P', 'y', 2),
      by('bob', 'P', 'x', 1),
      by('cyd', 'P', 'x', 3),
      by('cyd', 'P', 'y', 3),
    ]),
  );
  expect((await importAll(facet, file)).counts).toMatchObject({ rows: 6, added: 1, addedRows: 2, joined: 4 });
  const items = await itemsOf(file);
  expect(items.map((item) => item.kind === 'pair' && [item.replies, item.verdicts])).toEqual([
    [['x', 'y'], [{ annotator: 'ann', verdict: 'first' }]],
    [['y', 'x'], [{ annotator: 'bob', verdict: 'first' }]],
    [['x', 'y'], [{ annotator: 'cyd', verdict: 'tie' }]],
  ]);
});

it('a row that stands twice counts as there already, and two scores of one reply by nobody are asked about', async () => {
  const twice = by(null, 'P', 'x', 5);
  const { facet, file } = await written(
    'twice.jsonl',
    lines([
      twice,
      by(null, 'P', 'y', 4),
      twice,
      by(null, 'Q', 'z', 1),
      by(null, 'Q', 'w', 1),
      by(null, 'Q', 'z', 2),
    ]),
  );
  const done = await importAll(facet, file);
  expect(done.counts).toMatchObject({ rows: 6, added: 1, addedRows: 2, alreadyThere: 1, refused: 3 });
  expect(done.problems).toMatchObject([{ row: 4, field: 'score' }]);
  expect(done.problems[0]?.reason).toContain('row 4 gives 1');
});

it('numbers keep their digits, and rows on one line are rows of their own', async () => {
  const { facet, file } = await written(
    'one-line.json',
    `[${[1, 2].map((score) => `{"prompt":"P","response":"r${score}","score":${score},"task":12345678901234567890}`).join(',')}]`,
  );
  expect((await importAll(facet, file)).counts).toMatchObject({ rows: 2, added: 1, addedRows: 2 });
  expect(JSON.stringify((await itemsOf(file))[0]?.metadata)).toBe(
    '{"task":12345678901234567890,"score":[2,1]}',
  );
});
