/**
 * Replies to other prompts, with which KTO measures how far the policy has moved where nothing was judged (Ethayarajh et al. 2024,
 * section 4.2): each prompt is given the reply of its neighbour in the file, as TRL does within a batch.
 */
import { FacetError } from '#core/result.ts';
import { type EncodedPair, type EncodeLimits, sameTokens } from './encode.ts';

/** Share of a row's tokens that is kept free for it. */
const ROOM_SHARE = 0.25;

/** Limits of prompt and replies that leave room for a reply to another prompt. */
export const leavingRoom = (limits: EncodeLimits): EncodeLimits => ({
  ...limits,
  tokenBudget:
    limits.tokenBudget - Math.min(limits.maxReplyTokens, Math.floor(ROOM_SHARE * limits.tokenBudget)),
});

/** For each place the nearest one before it, over the list's end, that has another prompt. */
function placesBefore(pairs: readonly EncodedPair[]): Int32Array {
  const found = new Int32Array(pairs.length).fill(-1);
  // Twice around, so that the first places know what the last ones are.
  for (let step = 1; step < 2 * pairs.length; step++) {
    const at = step % pairs.length;
    const before = (step - 1) % pairs.length;
    const isOther = !sameTokens((pairs[at] as EncodedPair).prompt, (pairs[before] as EncodedPair).prompt);
    found[at] = isOther ? before : (found[before] as number);
  }
  return found;
}

/** Chosen and rejected replies in turns, where both are there. */
function replyAt(pair: EncodedPair, turn: number): Int32Array {
  const [first, second] = turn % 2 === 0 ? [pair.chosen, pair.rejected] : [pair.rejected, pair.chosen];
  return first.length > 0 ? first : second;
}

/**
 * Every example with a reply to another prompt of the list, cut where the row or the model holds no more. Throws
 * `train.one-prompt` where all have the same.
 */
export function withUnrelated(
  pairs: readonly EncodedPair[],
  { tokenBudget, contextLength }: Pick<EncodeLimits, 'tokenBudget' | 'contextLength'>,
): EncodedPair[] {
  const before = placesBefore(pairs);
  return pairs.map((pair, at) => {
    const other = pairs[before[at] as number];
    if (other === undefined)
      throw new FacetError({
        code: 'train.one-prompt',
        message:
          'KTO measures its reference point with replies to other prompts, but all examples have one prompt.',
        fix: 'Choose pairs of more prompts, hold a smaller share out, or take another objective.',
      });
    const { prompt, chosen, rejected } = pair;
    const room = Math.min(
      tokenBudget - prompt.length - chosen.length - rejected.length,
      contextLength - prompt.length,
    );
    return { ...pair, unrelated: replyAt(other, at).slice(0, Math.max(1, room)) };
  });
}

/** The same of held-out examples, which may be of one prompt: replies then come from those that are trained on. */
export function heldOutWithUnrelated(
  heldOut: readonly EncodedPair[],
  training: readonly EncodedPair[],
  limits: Pick<EncodeLimits, 'tokenBudget' | 'contextLength'>,
): EncodedPair[] {
  return withUnrelated([...training, ...heldOut], limits).slice(training.length);
}

/** What the reference says of replies to other prompts is asked for as of a pair without a second reply. */
export const asReference = ({ unrelated, ...pair }: EncodedPair): EncodedPair[] =>
  unrelated ? [pair, { ...pair, chosen: unrelated, rejected: new Int32Array(0) }] : [pair];
