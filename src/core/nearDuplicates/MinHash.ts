/**
 * Signatures of texts: places at which two agree about as often as their sets of windows overlap. One permutation, cut
 * into bins (Li, Owen & Zhang 2012); an empty bin borrows from another one (optimal densification, Shrivastava 2017).
 * Pure.
 */
import { eachWindow, mix } from './shingles.ts';

export const BINS = 128;
const BIN_BITS = 7;
const EMPTY = 0xffffffff;

/** Overwrites `signature` with that of a normalised text. */
export function minHash(text: string, signature: Uint32Array): void {
  signature.fill(EMPTY);
  eachWindow(text, (hash) => {
    const bin = hash >>> (32 - BIN_BITS);
    if (hash < (signature[bin] as number)) signature[bin] = hash;
  });
  fillEmpty(signature);
}

function fillEmpty(signature: Uint32Array): void {
  const full = signature.map((value) => (value === EMPTY ? 0 : 1));
  for (let bin = 0; bin < BINS; bin++) {
    if (full[bin] === 1) continue;
    let from = bin;
    for (let attempt = 1; full[from] === 0; attempt++)
      from = mix((bin + 1) * 0x9e3779b1 + attempt) >>> (32 - BIN_BITS);
    signature[bin] = signature[from] as number;
  }
}

export interface Bands {
  readonly bands: number;
  readonly rows: number;
}

/** Chance that two sets of this overlap agree in all rows of some band. */
export const recall = (overlap: number, { bands, rows }: Bands): number => 1 - (1 - overlap ** rows) ** bands;

const LEAST_RECALL = 0.99;

/** The most selective bands that still find nearly all pairs at the threshold. */
export function bandsFor(threshold: number): Bands {
  let chosen: Bands = { bands: BINS, rows: 1 };
  for (let rows = 2; rows <= BINS; rows++) {
    const next = { rows, bands: Math.floor(BINS / rows) };
    if (recall(threshold, next) < LEAST_RECALL) break;
    chosen = next;
  }
  return chosen;
}

/** Writes one hash a band to `out` from `at` on. */
export function bandHashes(
  signature: Uint32Array,
  { bands, rows }: Bands,
  out: Uint32Array,
  at: number,
): void {
  for (let band = 0; band < bands; band++) {
    let hash = band + 1;
    for (let row = 0; row < rows; row++)
      hash = mix(Math.imul(hash, 0x01000193) ^ (signature[band * rows + row] as number));
    out[at + band] = hash;
  }
}
