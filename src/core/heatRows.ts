/** Prompts in the order of a heat map, and means over any stretch of them without a pass over its rows. Pure. */
import { strongestCodes } from './codebook.ts';

export interface RowGroup {
  readonly name: string;
  /** Place of its first row. */
  readonly start: number;
  readonly rows: number;
}
/** A stretch of places. */
export interface Stretch {
  readonly start: number;
  readonly rows: number;
}
export interface LineFigures {
  /** Mean weight, lines × codes. */
  readonly means: Float32Array;
  /** Place of the row with the largest weight, lines × codes; the first of equal ones. */
  readonly strongest: Uint32Array;
}

/** Rows whose sums and largest weights are kept together. */
const BLOCK = 64;

export class HeatRows {
  /** Row of each place. */
  readonly order: Uint32Array;
  readonly groups: readonly RowGroup[];
  /** Of all weights. */
  readonly largest: number;
  readonly #weights: Float32Array;
  readonly #codes: number;
  /** Sums of all places before each block, blocks + 1 × codes. */
  readonly #before: Float64Array;
  /** Place of each block's largest weight, blocks × codes. */
  readonly #most: Uint32Array;

  /** `weights`: rows × codes. By group (rising by name), then strongest code, then its weight falling, then row. */
  constructor(weights: Float32Array, codes: number, groupOf: readonly string[]) {
    this.#weights = weights;
    this.#codes = codes;
    const rows = groupOf.length;
    const strongest = strongestCodes(weights, codes);
    const names = [...new Set(groupOf)].sort();
    const rank = new Map(names.map((name, at) => [name, at]));
    const bucketOf = Uint32Array.from(
      groupOf,
      (name, row) => (rank.get(name) as number) * codes + (strongest[row] as number),
    );
    const starts = new Uint32Array(names.length * codes + 1);
    for (const bucket of bucketOf) starts[bucket + 1]! += 1;
    for (let bucket = 0; bucket < names.length * codes; bucket++)
      starts[bucket + 1]! += starts[bucket] as number;
    const next = starts.slice();
    this.order = new Uint32Array(rows);
    for (let row = 0; row < rows; row++) {
      const bucket = bucketOf[row] as number;
      const place = next[bucket] as number;
      this.order[place] = row;
      next[bucket] = place + 1;
    }
    for (let bucket = 0; bucket < names.length * codes; bucket++) {
      const code = bucket % codes;
      this.order
        .subarray(starts[bucket], starts[bucket + 1])
        .sort(
          (a, b) => (weights[b * codes + code] as number) - (weights[a * codes + code] as number) || a - b,
        );
    }
    this.groups = names.map((name, at) => {
      const start = starts[at * codes] as number;
      return { name, start, rows: (starts[(at + 1) * codes] as number) - start };
    });
    const blocks = Math.ceil(rows / BLOCK);
    this.#before = new Float64Array((blocks + 1) * codes);
    this.#most = new Uint32Array(blocks * codes);
    let largest = 0;
    for (let block = 0; block < blocks; block++) {
      const from = block * codes;
      for (let code = 0; code < codes; code++) {
        this.#before[from + codes + code] = this.#before[from + code] as number;
        this.#most[from + code] = block * BLOCK;
      }
      for (let place = block * BLOCK; place < Math.min(rows, (block + 1) * BLOCK); place++) {
        const first = (this.order[place] as number) * codes;
        for (let code = 0; code < codes; code++) {
          const weight = weights[first + code] as number;
          this.#before[from + codes + code]! += weight;
          if (weight > this.weight(this.#most[from + code] as number, code)) this.#most[from + code] = place;
          if (weight > largest) largest = weight;
        }
      }
    }
    this.largest = largest;
  }

  weight(place: number, code: number): number {
    return this.#weights[(this.order[place] as number) * this.#codes + code] as number;
  }

  /** Of stretches that lie within the rows, none of them empty. */
  figures(lines: readonly Stretch[]): LineFigures {
    const codes = this.#codes;
    const means = new Float32Array(lines.length * codes);
    const strongest = new Uint32Array(lines.length * codes);
    const sums = new Float64Array(codes);
    for (const [line, { start, rows }] of lines.entries()) {
      const end = start + rows;
      sums.fill(0);
      const most = strongest.subarray(line * codes, (line + 1) * codes).fill(start);
      const single = (from: number, to: number): void => {
        for (let place = from; place < to; place++)
          for (let code = 0; code < codes; code++) {
            const weight = this.weight(place, code);
            sums[code]! += weight;
            if (weight > this.weight(most[code] as number, code)) most[code] = place;
          }
      };
      const firstBlock = Math.ceil(start / BLOCK);
      const endBlock = Math.floor(end / BLOCK);
      if (firstBlock >= endBlock) single(start, end);
      else {
        single(start, firstBlock * BLOCK);
        for (let code = 0; code < codes; code++) {
          sums[code]! +=
            (this.#before[endBlock * codes + code] as number) -
            (this.#before[firstBlock * codes + code] as number);
          for (let block = firstBlock; block < endBlock; block++) {
            const place = this.#most[block * codes + code] as number;
            if (this.weight(place, code) > this.weight(most[code] as number, code)) most[code] = place;
          }
        }
        single(endBlock * BLOCK, end);
      }
      for (let code = 0; code < codes; code++) means[line * codes + code] = (sums[code] as number) / rows;
    }
    return { means, strongest };
  }
}
