/** Which pairs share a row: best fit, longest first, inside windows, so that composition can change between epochs. */
import type { RandomSource } from '#core/random.ts';
import { type EncodedPair, encodedLength, replyTokens } from './encode.ts';
import type { RowShape } from './shape.ts';

/** Rows' worth of pairs that are packed together. */
const WINDOW_ROWS = 32;
/** A row filled to this share is done; others are opened again and packed with the next window. */
const DONE_SHARE = 0.985;

interface OpenRow {
  readonly pairs: EncodedPair[];
  tokensLeft: number;
  responsesLeft: number;
}

/** Best fit decreasing of one window. Every pair must fit in an empty row. */
function packWindow(window: readonly EncodedPair[], shape: RowShape): OpenRow[] {
  const rows: OpenRow[] = [];
  const longestFirst = [...window].sort((a, b) => encodedLength(b) - encodedLength(a));
  for (const pair of longestFirst) {
    const tokens = encodedLength(pair);
    const responses = replyTokens(pair);
    let best: OpenRow | null = null;
    for (const row of rows) {
      const fits =
        row.tokensLeft >= tokens && row.responsesLeft >= responses && row.pairs.length < shape.pairs;
      if (fits && (best === null || row.tokensLeft < best.tokensLeft)) best = row;
    }
    if (best === null) {
      best = { pairs: [], tokensLeft: shape.tokens, responsesLeft: shape.responses };
      rows.push(best);
    }
    best.pairs.push(pair);
    best.tokensLeft -= tokens;
    best.responsesLeft -= responses;
  }
  return rows;
}

/**
 * Groups pairs into rows; each pair is in exactly one. Pairs are taken in the order given, a window at a time; with
 * `random` the rows of a window come in shuffled order (else the longest pairs would come first in each).
 */
export function binPack(
  ordered: readonly EncodedPair[],
  shape: RowShape,
  random?: RandomSource,
): EncodedPair[][] {
  const packed: EncodedPair[][] = [];
  const emit = (rows: readonly OpenRow[]): void => {
    const groups = rows.map((row) => row.pairs);
    packed.push(...(random ? random.shuffle(groups) : groups));
  };
  const windowTokens = WINDOW_ROWS * shape.tokens;
  let window: EncodedPair[] = [];
  let tokens = 0;
  for (const pair of ordered) {
    window.push(pair);
    tokens += encodedLength(pair);
    if (tokens < windowTokens) continue;
    const rows = packWindow(window, shape).sort((a, b) => a.tokensLeft - b.tokensLeft);
    const left = (1 - DONE_SHARE) * shape.tokens;
    // Half of the rows go out in any case, so that pairs which never fill a row can't gather without end.
    const done = rows.filter((row, index) => row.tokensLeft <= left || index < rows.length / 2);
    emit(done);
    window = rows.slice(done.length).flatMap((row) => row.pairs);
    tokens = window.reduce((sum, waiting) => sum + encodedLength(waiting), 0);
  }
  emit(packWindow(window, shape));
  return packed;
}
