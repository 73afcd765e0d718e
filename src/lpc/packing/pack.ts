/**
 * Packed rows `[prompt | chosen | rejected] [prompt | …]`: the prompt once per pair, no padding but at the row's end. Where the objective
 * asks for it a reply to another prompt follows: its tokens are on branch 3, and of sequence 2P + pair.
 */
import type { NamedData } from '#compute/program.ts';
import { type NoiseKey, randomSource } from '#core/random.ts';
import { FacetError } from '#core/result.ts';
import { binPack } from './binPack.ts';
import { type EncodedPair, encodedLength, labelledReplies, replyTokens } from './encode.ts';
import type { RowShape } from './shape.ts';

export interface PackedRow {
  readonly shape: RowShape;
  /** Pair slot p of the row holds `pairs[p]`. */
  readonly pairs: readonly EncodedPair[];
  /** Tokens that are not padding. */
  readonly tokens: number;
  /** Program inputs, made anew on each reading: a dataset's rows are held as pairs, not as arrays. */
  readonly inputs: NamedData;
}

/** Values of padding tokens and unused slots. */
const NO_PAIR = -1;

function checkFits(pairs: readonly EncodedPair[], shape: RowShape): void {
  const tokens = pairs.reduce((sum, pair) => sum + encodedLength(pair), 0);
  const responses = pairs.reduce((sum, pair) => sum + replyTokens(pair), 0);
  const span = shape.span ?? shape.tokens;
  const short = pairs.every((pair) => encodedLength(pair) <= span);
  if (short && tokens <= shape.tokens && responses <= shape.responses && pairs.length <= shape.pairs) return;
  throw new FacetError({
    code: 'packing.does-not-fit',
    message:
      `${pairs.length} pairs with ${tokens} tokens and ${responses} reply tokens don't fit in a row of ` +
      `${shape.pairs} pairs, ${shape.tokens} tokens (${span} a pair) and ${shape.responses} reply tokens.`,
    fix: 'Choose the shape from these pairs.',
  });
}

/**
 * Inputs of one row: `tokens`, `positions`, `pairOf`, `branch` (T); `responseRows`, `targets`, `responseSequence` (R);
 * `promptLast`, `chosenLast`, `rejectedLast`, `pairWeight` (P). Throws `packing.does-not-fit`.
 */
export function rowInputs(pairs: readonly EncodedPair[], shape: RowShape): NamedData {
  checkFits(pairs, shape);
  const tokens = new Int32Array(shape.tokens);
  const positions = new Int32Array(shape.tokens);
  const pairOf = new Int32Array(shape.tokens).fill(NO_PAIR);
  const branch = new Int32Array(shape.tokens);
  const responseRows = new Int32Array(shape.responses);
  const targets = new Int32Array(shape.responses);
  const responseSequence = new Int32Array(shape.responses).fill(NO_PAIR);
  const promptLast = new Int32Array(shape.pairs);
  const lastOf = [new Int32Array(shape.pairs), new Int32Array(shape.pairs)] as const;
  const pairWeight = new Float32Array(shape.pairs);

  let cursor = 0;
  let slot = 0;
  const place = (ids: Int32Array, pair: number, side: number, firstPosition: number): void => {
    tokens.set(ids, cursor);
    pairOf.fill(pair, cursor, cursor + ids.length);
    branch.fill(side, cursor, cursor + ids.length);
    for (let index = 0; index < ids.length; index++) positions[cursor + index] = firstPosition + index;
    cursor += ids.length;
  };
  for (const [pair, { prompt, chosen, rejected, unrelated }] of pairs.entries()) {
    place(prompt, pair, 0, 0);
    const lastOfPrompt = cursor - 1;
    promptLast[pair] = lastOfPrompt;
    pairWeight[pair] = 1;
    for (const [side, reply] of [chosen, rejected, ...(unrelated ? [unrelated] : [])].entries()) {
      const start = cursor;
      place(reply, pair, side + 1, prompt.length);
      for (let index = 0; index < reply.length; index++, slot++) {
        responseRows[slot] = index === 0 ? lastOfPrompt : start + index - 1;
        targets[slot] = reply[index] as number;
        responseSequence[slot] = side < 2 ? 2 * pair + side : 2 * shape.pairs + pair;
      }
      if (reply.length > 0 && side < 2) (lastOf[side] as Int32Array)[pair] = cursor - 1;
    }
  }
  return {
    tokens,
    positions,
    pairOf,
    branch,
    responseRows,
    targets,
    responseSequence,
    promptLast,
    chosenLast: lastOf[0],
    rejectedLast: lastOf[1],
    pairWeight,
  };
}

export function packedRow(pairs: readonly EncodedPair[], shape: RowShape): PackedRow {
  checkFits(pairs, shape);
  return {
    shape,
    pairs,
    tokens: pairs.reduce((sum, pair) => sum + encodedLength(pair), 0),
    get inputs() {
      return rowInputs(pairs, shape);
    },
  };
}

/**
 * Rows of one pass over the pairs, each pair in exactly one row. With `order` pairs are shuffled first, so that another
 * counter (the epoch) gives other rows; without it the rows depend on the given order alone.
 * Throws `packing.does-not-fit` where a pair alone is larger than the shape.
 */
export function packRows(encoded: readonly EncodedPair[], shape: RowShape, order?: NoiseKey): PackedRow[] {
  const random = order && randomSource(order);
  const ordered = random ? random.shuffle(encoded) : encoded;
  return binPack(ordered, shape, random).map((pairs) => packedRow(pairs, shape));
}

export interface PackingFigures {
  readonly rows: number;
  /** Share of the rows' tokens that are padding. */
  readonly padding: number;
  /** Share of response slots that are unused. */
  readonly unusedResponses: number;
  /** Tokens that two sequences per pair would have, over tokens in the rows' pairs. */
  readonly prefixSharingGain: number;
}

export function packingFigures(rows: readonly PackedRow[]): PackingFigures {
  let capacity = 0;
  let used = 0;
  let slots = 0;
  let responses = 0;
  let unshared = 0;
  for (const row of rows) {
    capacity += row.shape.tokens;
    slots += row.shape.responses;
    used += row.tokens;
    for (const pair of row.pairs) {
      responses += replyTokens(pair);
      unshared += (labelledReplies(pair) + (pair.unrelated ? 1 : 0)) * pair.prompt.length + replyTokens(pair);
    }
  }
  return {
    rows: rows.length,
    padding: capacity === 0 ? 0 : 1 - used / capacity,
    unusedResponses: slots === 0 ? 0 : 1 - responses / slots,
    prefixSharingGain: used === 0 ? 1 : unshared / used,
  };
}
