/** Rows as steps take them: packed anew each epoch, and filled up with what is known of their pairs. */
import type { EncodedPair } from '../packing/encode.ts';
import { type PackedRow, packRows } from '../packing/pack.ts';
import type { RowShape } from '../packing/shape.ts';
import { type ReferencePair, referenceKey } from './referenceCache.ts';

/** The next row to be trained on. */
export interface RowPlace {
  readonly epoch: number;
  readonly row: number;
}

export interface RowOrder {
  /** The next `count` rows, over the ends of epochs. */
  take(count: number): PackedRow[];
  /** Where the next `take` begins. */
  place(): RowPlace;
  goTo(place: RowPlace): void;
}

const rowsOfEpoch = (
  encoded: readonly EncodedPair[],
  shape: RowShape,
  seed: number,
  epoch: number,
): PackedRow[] => packRows(encoded, shape, { seed, stream: 'epoch', counter: epoch });

/** Rows without end: each epoch shuffles and packs all pairs by seed and epoch, so any place can be found again. */
export function rowOrder(
  encoded: readonly EncodedPair[],
  shape: RowShape,
  seed: number,
  from: RowPlace = { epoch: 0, row: 0 },
): RowOrder {
  let { epoch, row } = from;
  let rows = rowsOfEpoch(encoded, shape, seed, epoch);
  return {
    take(count) {
      const taken: PackedRow[] = [];
      while (taken.length < count) {
        if (row >= rows.length) {
          epoch += 1;
          row = 0;
          rows = rowsOfEpoch(encoded, shape, seed, epoch);
        }
        taken.push(rows[row++] as PackedRow);
      }
      return taken;
    },
    place: () => ({ epoch, row }),
    goTo(place) {
      if (place.epoch !== epoch) rows = rowsOfEpoch(encoded, shape, seed, place.epoch);
      ({ epoch, row } = place);
    },
  };
}

/** Epochs that are packed to count their rows; further ones are taken to have as many on average. */
const EPOCHS_COUNTED = 16;

/** Steps of `epochs` passes, `accumulation` rows each; part of an epoch is its share of rows. At least one. */
export function stepsOfEpochs(
  encoded: readonly EncodedPair[],
  shape: RowShape,
  {
    seed,
    epochs,
    accumulation,
  }: { readonly seed: number; readonly epochs: number; readonly accumulation: number },
): number {
  const counted = Math.min(Math.ceil(epochs), EPOCHS_COUNTED);
  let rows = 0;
  for (let epoch = 0; epoch < counted; epoch++)
    rows += rowsOfEpoch(encoded, shape, seed, epoch).length * Math.min(1, epochs - epoch);
  if (epochs > counted) rows *= epochs / counted;
  return Math.max(1, Math.ceil(rows / accumulation - 1e-9));
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
