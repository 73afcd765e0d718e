/** Which prompts stand for a code: the strongest, some at random, and those that could as well be another's. Pure. */
import { hash32 } from './random.ts';

/** Rows of `weights` (rows × codes) for which the code is the strongest. */
export function rowsOfCode(weights: ArrayLike<number>, codes: number, code: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row * codes < weights.length; row++) {
    const own = weights[row * codes + code] as number;
    let strongest = true;
    for (let other = 0; other < codes && strongest; other++) {
      const weight = weights[row * codes + other] as number;
      // The lower number wins a tie, as everywhere.
      strongest = other === code || weight < own || (weight === own && other > code);
    }
    if (strongest) rows.push(row);
  }
  return rows;
}

/** Rows where the code and its strongest rival are nearest, whichever of the two is ahead; nearest first. */
export function borderlineRows(
  weights: ArrayLike<number>,
  codes: number,
  code: number,
  limit: number,
): number[] {
  const apart: { readonly row: number; readonly gap: number }[] = [];
  for (let row = 0; row * codes < weights.length; row++) {
    const own = weights[row * codes + code] as number;
    let rival = 0;
    for (let other = 0; other < codes; other++)
      if (other !== code) rival = Math.max(rival, weights[row * codes + other] as number);
    apart.push({ row, gap: Math.abs(own - rival) });
  }
  return apart
    .sort((a, b) => a.gap - b.gap || a.row - b.row)
    .slice(0, limit)
    .map(({ row }) => row);
}

/** The same rows each time, in an order that nothing but their ids decides. */
export const randomRows = (rows: readonly number[], idOf: (row: number) => number, limit: number): number[] =>
  rows
    .map((row) => ({ row, place: hash32(`code-page.${idOf(row)}`) }))
    .sort((a, b) => a.place - b.place || a.row - b.row)
    .slice(0, limit)
    .map(({ row }) => row);
