import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dataExportSchema, EXPORT_SHAPES, LABEL_RULES, NO_PREFERENCE_RULES } from '#shared/dataEntities.ts';
import { readRow } from '../import/readRow.ts';
import { exported, threePeople } from './testThreePeople.ts';

/** Without the guidelines, which the first line of each file of Facet's own carries. */
const linesOf = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const { guidelines: _, ...row } = JSON.parse(line) as Record<string, unknown>;
      return JSON.stringify(row);
    });
const promptOf = (line: string): string => {
  const read = readRow(JSON.parse(line));
  if (!read.ok) throw new Error(`${line}: ${read.problem.reason}`);
  return JSON.stringify(read.items[0]?.messages);
};

/** A shape does not see by which rule its label was chosen: one of pairs and one of people go through all. */
const rulesOf = (shape: (typeof EXPORT_SHAPES)[number]) =>
  shape === 'trl' || shape === 'argilla' ? LABEL_RULES : (['majority'] as const);

it('every shape, by its rules, with and without ties, whole and split, reads back and holds together', async () => {
  const { path, folder } = await threePeople();
  for (const shape of EXPORT_SHAPES) {
    // Its rows are replies, not pairs: see `unpaired.test.ts`.
    if (shape === 'trl-unpaired') continue;
    for (const labels of rulesOf(shape)) {
      const sizes: number[] = [];
      for (const ties of NO_PREFERENCE_RULES) {
        const name = `${shape} ${labels} ${ties}`;
        const out = join(folder, `${name}.jsonl`.replaceAll(' ', '-'));
        const asked = { shape, file: 'jsonl', labels, adjudicator: 'Cy', ties, bothBad: ties, out };
        const whole = await exported(path, dataExportSchema.parse(asked));
        const lines = linesOf(out);
        expect(whole.files[0]?.rows, name).toBe(lines.length);
        sizes.push(lines.length);
        if (ties === 'leave-out') continue;
        const split = await exported(path, dataExportSchema.parse({ ...asked, testShare: 0.4, seed: 3 }));
        const [train, test] = split.files.map((file) => linesOf(file.path)) as [string[], string[]];
        expect([...train, ...test].sort(), name).toEqual(lines.toSorted());
        const held = new Set(test.map(promptOf));
        expect(held.size, name).toBeGreaterThan(0);
        expect(
          train.filter((line) => held.has(promptOf(line))),
          name,
        ).toEqual([]);
      }
      // What prefers neither reply leaves in both directions, or not at all; two shapes hold it as it is.
      const [without = 0, both = 0] = sizes;
      if (shape === 'facet' || shape === 'argilla') expect(both, `${shape} ${labels}`).toBe(without);
      else expect([2, 4, 6].includes(both - without), `${shape} ${labels}: ${without}, ${both}`).toBe(true);
    }
  }
});
