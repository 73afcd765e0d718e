/** Which prompts stand for a code: the strongest, some at random, and those that could as well be another's. Pure. */
import { hash32 } from './random.ts';

/** p(z|x), rows × codes, with what every code's page asks of a row. */
export interface RankedRows {
  readonly weights: ArrayLike<number>;
  readonly codes: number;
  /** Strongest code of each row, its weight, and the largest of the others. */
  readonly strongest: ArrayLike<number>;
  readonly best: ArrayLike<number>;
  readonly second: ArrayLike<number>;
}

/** The lower number wins a tie, as everywhere. */
export function rankRows(weights: ArrayLike<number>, codes: number): RankedRows {
  const rows = weights.length / codes;
  const strongest = new Uint32Array(rows);
  const best = new Float32Array(rows);
  const second = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let [first, other, code] = [-1, 0, 0];
    for (let at = 0; at < codes; at++) {
      const weight = weights[row * codes + at] as number;
      if (weight > first) {
        other = Math.max(0, first);
        first = weight;
        code = at;
      } else if (weight > other) other = weight;
    }
    strongest[row] = code;
    best[row] = first;
    second[row] = other;
  }
  return { weights, codes, strongest, best, second };
}

/** The first rows by a number that is the smallest for them; of equal ones the first row. */
class Least {
  readonly rows: number[] = [];
  readonly #values: number[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  offer(row: number, value: number): void {
    const full = this.rows.length === this.#limit;
    if (full && value >= (this.#values.at(-1) as number)) return;
    let at = this.rows.length;
    while (at > 0 && (this.#values[at - 1] as number) > value) at -= 1;
    this.rows.splice(at, 0, row);
    this.#values.splice(at, 0, value);
    if (full) {
      this.rows.pop();
      this.#values.pop();
    }
  }
}

export interface CodeRows {
  /** For which the code is the strongest, in order. */
  readonly own: readonly number[];
  /** With its largest weights, strongest first. */
  readonly top: readonly number[];
  /** Where it and its strongest rival are nearest, whichever of the two is ahead; nearest first. */
  readonly borderline: readonly number[];
  /** Rows in each of `bins` equal steps of its weight from 0 to 1; 1 belongs to the last. */
  readonly histogram: readonly number[];
  /** Rows in which it has at least half of the weight. */
  readonly half: number;
}

export function rowsOfCode(
  { weights, codes, strongest, best, second }: RankedRows,
  code: number,
  limits: { readonly top: number; readonly borderline: number; readonly bins: number },
): CodeRows {
  const own: number[] = [];
  const top = new Least(limits.top);
  const borderline = new Least(limits.borderline);
  const histogram = new Array<number>(limits.bins).fill(0);
  let half = 0;
  for (let row = 0; row < strongest.length; row++) {
    const weight = weights[row * codes + code] as number;
    const isOwn = strongest[row] === code;
    if (isOwn) own.push(row);
    if (weight >= 0.5) half += 1;
    histogram[Math.min(limits.bins - 1, Math.max(0, Math.floor(weight * limits.bins)))]! += 1;
    top.offer(row, -weight);
    borderline.offer(row, Math.abs(weight - ((isOwn ? second : best)[row] as number)));
  }
  return { own, top: top.rows, borderline: borderline.rows, histogram, half };
}

/** The same rows each time, in an order that nothing but their ids decides. */
export function randomRows(rows: readonly number[], idOf: (row: number) => number, limit: number): number[] {
  const drawn = new Least(limit);
  for (const row of rows) drawn.offer(row, hash32(`code-page.${idOf(row)}`));
  return drawn.rows;
}
