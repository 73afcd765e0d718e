import { expect, it } from 'vitest';
import { randomSource } from '../random.ts';
import { bestAssignment } from './assignment.ts';
import { codeChanges, codesInUseOf } from './match.ts';

/** The greatest sum by trying every assignment. */
function tried(values: readonly number[], rows: number, columns: number): number {
  const from = (row: number, taken: ReadonlySet<number>): number => {
    if (row === rows) return 0;
    let best = rows > columns ? from(row + 1, taken) : Number.NEGATIVE_INFINITY;
    for (let column = 0; column < columns; column++)
      if (!taken.has(column))
        best = Math.max(
          best,
          (values[row * columns + column] as number) + from(row + 1, new Set([...taken, column])),
        );
    return best;
  };
  return from(0, new Set());
}

it.each([
  [4, 4],
  [3, 6],
  [6, 3],
  [1, 5],
  [0, 3],
])('assigns %i rows to %i columns with the greatest sum', (rows, columns) => {
  const random = randomSource({ seed: 5, stream: 'assignment', counter: rows * 10 + columns });
  for (let trial = 0; trial < 20; trial++) {
    const values = Array.from({ length: rows * columns }, () => random.uniform());
    const assigned = bestAssignment(values, rows, columns);
    const used = assigned.filter((column) => column !== null);
    expect(used).toHaveLength(Math.min(rows, columns));
    expect(new Set(used).size).toBe(used.length);
    const sum = assigned.reduce<number>(
      (total, column, row) => total + (column === null ? 0 : (values[row * columns + column] as number)),
      0,
    );
    expect(sum).toBeCloseTo(tried(values, rows, columns), 12);
  }
});

const of = (rows: readonly (readonly number[])[]) => ({ codes: rows[0]?.length ?? 0, weights: rows.flat() });

it('keeps codes that say the same of the same prompts, under whatever number', () => {
  const before = of([
    [0.75, 0.25, 0],
    [0.625, 0.375, 0],
    [0, 1, 0],
  ]);
  expect(codeChanges(before, before)).toEqual({
    kept: [
      { from: 0, to: 0, overlap: 1 },
      { from: 1, to: 1, overlap: 1 },
    ],
    born: [],
    died: [],
    same: 1,
  });
  const renumbered = of([
    [0.25, 0, 0.75],
    [0.375, 0, 0.625],
    [1, 0, 0],
  ]);
  const { kept, same } = codeChanges(before, renumbered);
  expect(kept.map(({ from, to }) => [from, to])).toEqual([
    [0, 2],
    [1, 0],
  ]);
  expect(same).toBe(1);
});

it('tells a code that split off, one that went into another, and ones that come and go by themselves', () => {
  // Code 0 of four prompts loses one of them to code 2.
  const whole = of([...Array<number[]>(4).fill([1, 0, 0]), ...Array<number[]>(4).fill([0, 1, 0])]);
  const split = of([...Array<number[]>(3).fill([1, 0, 0]), [0, 0, 1], ...Array<number[]>(4).fill([0, 1, 0])]);
  expect(codeChanges(whole, split)).toEqual({
    kept: [
      { from: 0, to: 0, overlap: 3 / 4 },
      { from: 1, to: 1, overlap: 1 },
    ],
    born: [{ code: 2, from: 0 }],
    died: [],
    same: 7 / 8,
  });
  expect(codeChanges(split, whole)).toMatchObject({ born: [], died: [{ code: 2, into: 0 }] });
  // Each prompt's code is drawn anew: a new one takes a third of each of three, so that none holds half of it.
  const three = of(
    [0, 0, 0, 1, 1, 1, 2, 2, 2].map((code) => [0, 1, 2, 3].map((at) => (at === code ? 1 : 0))),
  );
  const mixed = of(
    [0, 0, 3, 1, 1, 3, 2, 2, 3].map((code) => [0, 1, 2, 3].map((at) => (at === code ? 1 : 0))),
  );
  expect(codeChanges(three, mixed)).toMatchObject({ born: [{ code: 3, from: null }], died: [] });
  expect(codeChanges(mixed, three)).toMatchObject({ born: [], died: [{ code: 3, into: null }] });
});

it('takes codes with a thousandth of all mass for used, and none where there is no prompt', () => {
  expect(codesInUseOf(of([[0.9985, 0.0005, 0.001]])).map(({ code }) => code)).toEqual([0, 2]);
  expect(codesInUseOf({ codes: 3, weights: [] })).toEqual([]);
  expect(codeChanges({ codes: 3, weights: [] }, { codes: 3, weights: [] })).toEqual({
    kept: [],
    born: [],
    died: [],
    same: 0,
  });
});
