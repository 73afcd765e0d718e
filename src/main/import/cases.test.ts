import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FacetError } from '#core/result.ts';
import { absent, needing } from '#disk/testNeeds.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { listInputs } from './files/listInputs.ts';
import { readRecords } from './readRecords.ts';
import { readRow } from './readRow.ts';
import { CASES } from './testCases.ts';
import { itemText, problemText } from './testOutcome.ts';

const folder = resolve(import.meta.dirname, '../../../../shared/cases/import');
const missing = absent(folder);

async function outcomesOf(file: string): Promise<string[]> {
  const outcomes: string[] = [];
  try {
    for (const input of await listInputs([join(folder, file)])) {
      for await (const { records } of readRecords(input, 3)) {
        for (const record of records) {
          const outcome =
            'value' in record ? readRow(record.value) : ({ ok: false, problem: record.problem } as const);
          if (outcome.ok) outcomes.push(...outcome.items.map((item) => itemText(record.row, item)));
          else outcomes.push(problemText(record.row, outcome.problem));
        }
      }
    }
  } catch (error) {
    if (!(error instanceof FacetError)) throw error;
    outcomes.push(`file: ${error.message}`);
  }
  return outcomes;
}

describe('rows in the shapes people have', needing(missing), () => {
  it.each(Object.entries(CASES))('%s', async (file, expected) => {
    expect(await outcomesOf(file)).toEqual(expected);
  });

  it('are all looked at', () => {
    expect(readdirSync(folder).filter((name) => name !== 'README.md')).toEqual(Object.keys(CASES));
  });

  // What identity makes of them: by id, else by content; one verdict a person; either order; a second time.
  it.each([
    ['a85_dup_conflict.jsonl', { rows: 4, added: 2, alreadyThere: 1, conflicts: 1 }],
    ['a82_bigid.jsonl', { rows: 2, added: 2, alreadyThere: 0 }],
    ['c10_annotators.jsonl', { rows: 3, added: 1, joined: 2, conflicts: 0 }],
    ['c17_ids_order1.jsonl', { rows: 2, added: 2, conflicts: 0 }],
    ['a05_kto_standard.jsonl', { rows: 2, added: 0, singles: 2 }],
    ['a31_unlabelled_ab.jsonl', { rows: 1, added: 1, unlabelled: 1 }],
    ['a87_label_columns.jsonl', { rows: 6, added: 4, ties: 3, bothBad: 1, refused: 2 }],
  ])('%s is counted, and adds nothing a second time', async (file, counts) => {
    const { facet } = await openFacet();
    const preview = await facet.services.library.preview(join(folder, file));
    expect(preview.counts).toMatchObject(counts);
    expect((await importAll(facet, join(folder, file))).counts).toEqual(preview.counts);
    const again = (await importAll(facet, join(folder, file))).counts;
    expect(again).toMatchObject({ added: 0, joined: 0, singles: 0, refused: preview.counts.refused });
    const { rows, alreadyThere, conflicts, refused } = again;
    expect(alreadyThere + conflicts + refused).toBe(rows);
  });

  it('the same pairs in another order raise no false conflict', async () => {
    const { facet } = await openFacet();
    await importAll(facet, join(folder, 'c17_ids_order1.jsonl'));
    const { counts } = await importAll(facet, join(folder, 'c17_ids_order2.jsonl'));
    expect(counts).toMatchObject({ added: 0, alreadyThere: 2, conflicts: 0 });
  });
});
