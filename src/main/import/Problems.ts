import type { RowProblem } from './types.ts';

const LISTED_PROBLEMS = 200;

type ListedProblem = { row: number } & { -readonly [K in keyof RowProblem]: RowProblem[K] };

/** The first problems of a file, and how many there are. */
export class Problems {
  readonly listed: ListedProblem[] = [];
  count = 0;
  add(row: number, { field, reason }: RowProblem): void {
    this.count += 1;
    if (this.listed.length < LISTED_PROBLEMS) this.listed.push({ row, field, reason });
  }
}
