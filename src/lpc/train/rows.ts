/** Rows as steps take them: packed anew each epoch, and filled up with what is known of their pairs. */
import { shuffle } from '#core/random.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { type EncodedPair, encodedLength } from '../packing/encode.ts';
import { type PackedRow, packRows } from '../packing/pack.ts';
import type { RowShape } from '../packing/shape.ts';
import { asReference } from '../packing/unrelated.ts';
import { type ReferencePair, referenceKey } from './referenceCache.ts';

/** What a step takes next: a row of an epoch, or where steps are of so many pairs, the place of the step in its epoch. */
export interface RowPlace {
  readonly epoch: number;
  readonly row: number;
}

type StepSize = Pick<RunConfig, 'seed' | 'accumulation' | 'batchPairs'>;

export interface RowOrder {
  /** Rows of the next step: `accumulation` of them, over the ends of epochs, or as many as its pairs need. */
  take(): PackedRow[];
  /** Where the next `take` begins. */
  place(): RowPlace;
  goTo(place: RowPlace): void;
}

/** Rows of an epoch in groups that a step takes whole: one each, or those of its pairs; the last group of pairs may be smaller. */
function groupsOfEpoch(
  encoded: readonly EncodedPair[],
  shape: RowShape,
  { seed, batchPairs }: StepSize,
  epoch: number,
  parts = shape,
): PackedRow[][] {
  const key = { seed, stream: 'epoch', counter: epoch };
  if (batchPairs === null)
    return packRows(encoded, shape, key).map((row) => (parts === shape ? [row] : packRows(row.pairs, parts)));
  const shuffled = shuffle(key, encoded);
  const steps = Math.ceil(shuffled.length / batchPairs);
  return Array.from({ length: steps }, (_, step) =>
    packRows(shuffled.slice(step * batchPairs, (step + 1) * batchPairs), parts),
  );
}

/**
 * Rows without end: each epoch shuffles and packs all pairs by seed and epoch, so any place can be found again. Where `parts` is smaller
 * than `shape`, a row's pairs come in several rows of it.
 */
export function rowOrder(
  encoded: readonly EncodedPair[],
  shape: RowShape,
  size: StepSize,
  from: RowPlace = { epoch: 0, row: 0 },
  parts = shape,
): RowOrder {
  let { epoch, row } = from;
  const groupsOf = (wanted: number) => groupsOfEpoch(encoded, shape, size, wanted, parts);
  let groups = groupsOf(epoch);
  return {
    take() {
      const taken: PackedRow[] = [];
      for (let group = 0; group < size.accumulation; group++) {
        if (row >= groups.length) {
          epoch += 1;
          row = 0;
          groups = groupsOf(epoch);
        }
        taken.push(...(groups[row++] as PackedRow[]));
      }
      return taken;
    },
    place: () => ({ epoch, row }),
    goTo(place) {
      if (place.epoch !== epoch) groups = groupsOf(place.epoch);
      ({ epoch, row } = place);
    },
  };
}

/** Steps of a pass over these pairs, about: rows are taken to be full. */
export function stepsOfEpoch(
  encoded: readonly EncodedPair[],
  shape: RowShape,
  { accumulation, batchPairs }: Pick<StepSize, 'accumulation' | 'batchPairs'>,
): number {
  if (batchPairs !== null) return encoded.length / batchPairs;
  const tokens = encoded.reduce((sum, pair) => sum + encodedLength(pair), 0);
  return tokens / shape.tokens / accumulation;
}

/** Rows and pairs of a step, on average over the first epoch. */
export function meanStep(
  encoded: readonly EncodedPair[],
  shape: RowShape,
  size: StepSize,
): { readonly rows: number; readonly pairs: number } {
  const groups = groupsOfEpoch(encoded, shape, size, 0);
  const steps = groups.length / size.accumulation;
  return { rows: groups.flat().length / steps, pairs: encoded.length / steps };
}

/** Epochs that are packed to count their rows; further ones are taken to have as many on average. */
const EPOCHS_COUNTED = 16;

/** Steps of `epochs` passes, `accumulation` rows or `batchPairs` pairs each; part of an epoch is its share of them. At least one. */
export function stepsOfEpochs(
  encoded: readonly EncodedPair[],
  shape: RowShape,
  size: StepSize & { readonly epochs: number },
): number {
  const { epochs, accumulation } = size;
  const counted = Math.min(Math.ceil(epochs), EPOCHS_COUNTED);
  let rows = 0;
  for (let epoch = 0; epoch < counted; epoch++)
    rows += groupsOfEpoch(encoded, shape, size, epoch).length * Math.min(1, epochs - epoch);
  if (epochs > counted) rows *= epochs / counted;
  return Math.max(1, Math.ceil(rows / accumulation - 1e-9));
}

export type References = ReadonlyMap<string, ReferencePair>;

/**
 * `reference` (P, 2) of a row, and of its replies to other prompts `unrelatedReference` (P); 0 in unused slots, and throughout where the
 * objective reads none.
 */
export function referenceData(
  row: PackedRow,
  references: References | null,
): Record<'reference' | 'unrelatedReference', Float32Array<ArrayBuffer>> {
  const reference = new Float32Array(2 * row.shape.pairs);
  const unrelatedReference = new Float32Array(row.shape.pairs);
  if (references === null) return { reference, unrelatedReference };
  for (const [slot, pair] of row.pairs.entries()) {
    const [own, unrelated] = asReference(pair).map((asked) => {
      const logps = references.get(referenceKey(asked));
      if (!logps) throw new RangeError(`no reference log-probabilities for pair ${pair.pairId}`);
      return logps;
    });
    reference.set(own as ReferencePair, 2 * slot);
    if (unrelated) unrelatedReference[slot] = unrelated[0];
  }
  return { reference, unrelatedReference };
}
