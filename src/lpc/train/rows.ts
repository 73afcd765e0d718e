/** Rows as steps take them: packed anew each epoch, and filled up with what is known of their pairs. */
import type { EncodedPair } from '../packing/encode.ts';
import { type PackedRow, packRows } from '../packing/pack.ts';
import type { RowShape } from '../packing/shape.ts';
import { type ReferencePair, referenceKey } from './referenceCache.ts';

/** Rows without end: each epoch shuffles and packs all pairs by seed and epoch, so any step can be found again. */
export function* trainingRows(
  encoded: readonly EncodedPair[],
  shape: RowShape,
  seed: number,
): Generator<PackedRow, never> {
  for (let epoch = 0; ; epoch++) yield* packRows(encoded, shape, { seed, stream: 'epoch', counter: epoch });
}

export type References = ReadonlyMap<string, ReferencePair>;

/** `reference` (P, 2) of a row; 0 in unused slots, and throughout where the objective reads none. */
export function referenceInput(row: PackedRow, references: References | null): Float32Array<ArrayBuffer> {
  const values = new Float32Array(2 * row.shape.pairs);
  if (references === null) return values;
  for (const [slot, pair] of row.pairs.entries()) {
    const logps = references.get(referenceKey(pair));
    if (!logps) throw new RangeError(`no reference log-probabilities for pair ${pair.pairId}`);
    values.set(logps, 2 * slot);
  }
  return values;
}
