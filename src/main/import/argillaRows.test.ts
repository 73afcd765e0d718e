/** Records that Argilla's own library wrote (tests/golden/make_argilla_rows.py), against what was put into them. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { readRow } from './readRow.ts';

interface Golden {
  readonly name: string;
  readonly row: unknown;
  /** By person: replies from best to worst, those that tie together. */
  readonly best: Readonly<Record<string, readonly (readonly string[])[]>>;
}
const cases = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../tests/golden/argilla-rows.json'), 'utf8'),
) as Golden[];

it.each(cases.map((golden) => [golden.name, golden] as const))('%s', (_name, { row, best }) => {
  const read = readRow(row);
  if (!read.ok) throw new Error(read.problem.reason);
  if (Object.keys(best).length > 0) expect(read.shape).toBe('argilla');
  for (const [person, groups] of Object.entries(best)) {
    const place = (text: string): number => groups.findIndex((group) => group.includes(text));
    for (const item of read.items) {
      if (item.kind !== 'pair') throw new Error('a single');
      const [first, second] = item.replies.map(place) as [number, number];
      const right = first < second ? 'first' : first > second ? 'second' : 'tie';
      expect(item.verdicts.filter(({ annotator }) => annotator === person)).toMatchObject([
        { verdict: right },
      ]);
    }
    const texts = groups.flat().length;
    expect(read.items).toHaveLength((texts * (texts - 1)) / 2);
  }
  const people = read.items.flatMap((item) => (item.kind === 'pair' ? item.verdicts : []));
  if (Object.keys(best).length === 0) expect(people).toEqual([]);
});
