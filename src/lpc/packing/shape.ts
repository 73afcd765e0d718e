/** Sizes of a packed row. Each shape is compiled once, so few of them exist. */
import { FacetError } from '#core/result.ts';
import { binPack } from './binPack.ts';
import { type EncodedPair, encodedLength, replyTokens } from './encode.ts';

export interface RowShape {
  /** T, tokens. */
  readonly tokens: number;
  /** R, response slots: one per reply token. */
  readonly responses: number;
  /** P, pair slots. */
  readonly pairs: number;
  /** No pair has more tokens than this, prompt and both replies; T where absent. */
  readonly span?: number;
}

const SMALLEST_ROW_TOKENS = 64;
/** R is one of T/16, 2T/16, … T. */
const RESPONSE_STEPS = 16;
/** A smaller R or P is taken as long as it asks for no more than this share of further rows. */
const FURTHER_ROWS_ALLOWED = 0.02;
/** The span is a multiple of T over this, so that it is one of few. */
const SPAN_STEPS = 8;
/** Shorter rows gain nothing from it, and are better off with fewer shapes. */
const SMALLEST_ROW_WITH_SPAN = 256;
/** Pairs that a shape is chosen from; the rest follow it. */
const SAMPLE_PAIRS = 4096;

function largest(values: readonly number[]): number {
  return values.reduce((maximum, value) => Math.max(maximum, value), 0);
}

/** Tokens of the longest pair, prompt and replies. */
export const longestPair = (encoded: readonly EncodedPair[]): number => largest(encoded.map(encodedLength));

/** 64, 96, 128, 192, 256, …: the first that holds `tokens`. */
function tokenBucket(tokens: number): number {
  for (let size = SMALLEST_ROW_TOKENS; ; size *= 2) {
    if (tokens <= size) return size;
    if (tokens <= size * 1.5) return size * 1.5;
  }
}

function tooLong(pair: EncodedPair, budget: number): FacetError {
  return new FacetError({
    code: 'packing.pair-too-long',
    message: `Pair "${pair.pairId}" has ${encodedLength(pair)} tokens, more than the row's ${budget}.`,
    fix: 'Encode it with the limits of this row.',
    where: { field: pair.pairId },
  });
}

/** Of all pairs, or of the longest that a step can hold. */
function tokensTogether(encoded: readonly EncodedPair[], batchPairs: number | null): number {
  const lengths = encoded.map(encodedLength);
  const held = batchPairs === null ? lengths : lengths.sort((a, b) => b - a).slice(0, batchPairs);
  return held.reduce((sum, length) => sum + length, 0);
}

/**
 * One shape for all the pairs: T is the budget (less where all pairs together need less, or with `batchPairs` so many of the longest), R
 * and P the smallest of a few steps that hardly ask for more rows. Throws `packing.pair-too-long`.
 */
export function chooseShape(
  encoded: readonly EncodedPair[],
  tokenBudget: number,
  batchPairs: number | null = null,
): RowShape {
  const longest = encoded.find((pair) => encodedLength(pair) > tokenBudget);
  if (longest) throw tooLong(longest, tokenBudget);
  const total = tokensTogether(encoded, batchPairs);
  const tokens = Math.min(tokenBudget, tokenBucket(total));

  const stride = Math.max(1, Math.ceil(encoded.length / SAMPLE_PAIRS));
  const sample = encoded.filter((_, index) => index % stride === 0);
  const rowsWith = (responses: number, pairs: number): number =>
    binPack(sample, { tokens, responses, pairs }).length;
  const allowed = Math.ceil(rowsWith(tokens, sample.length) * (1 + FURTHER_ROWS_ALLOWED));

  const longestReplies = largest(encoded.map(replyTokens));
  const responseSteps = Array.from({ length: RESPONSE_STEPS }, (_, step) =>
    Math.max(1, Math.ceil((tokens * (step + 1)) / RESPONSE_STEPS)),
  ).filter((responses) => responses >= longestReplies);
  const responses =
    longestReplies === 0
      ? 1
      : (responseSteps.find((step) => rowsWith(step, sample.length) <= allowed) ?? tokens);

  let pairs = 1;
  const most = Math.min(sample.length, batchPairs ?? sample.length);
  while (pairs < most && rowsWith(responses, pairs) > allowed) pairs *= 2;
  pairs = Math.min(pairs, Math.max(1, most));

  if (tokens < SMALLEST_ROW_WITH_SPAN || pairs === 1) return { tokens, responses, pairs };
  const spanStep = Math.ceil(tokens / SPAN_STEPS);
  const span = spanStep * Math.ceil(longestPair(encoded) / spanStep);
  return span < tokens ? { tokens, responses, pairs, span } : { tokens, responses, pairs };
}
