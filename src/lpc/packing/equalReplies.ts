/** Pairs that say nothing once they are cut: both replies have the same tokens, so that their margin is 0 whatever is learnt. */
import type { WarningFrame } from '#core/runFrames.ts';
import { type EncodedPair, sameTokens } from './encode.ts';

const areEqual = ({ chosen, rejected }: EncodedPair): boolean => sameTokens(chosen, rejected);

/** Pairs whose replies differ, and the ids of those whose do not, in the given order. */
export function withoutEqualReplies(encoded: readonly EncodedPair[]): {
  readonly differing: readonly EncodedPair[];
  readonly equalIds: readonly string[];
} {
  const equal = new Set(encoded.filter(areEqual));
  if (equal.size === 0) return { differing: encoded, equalIds: [] };
  return {
    differing: encoded.filter((pair) => !equal.has(pair)),
    equalIds: [...equal].map(({ pairId }) => pairId),
  };
}

/** Named in a sentence; the rest is counted. */
const MOST_NAMED = 20;

/** `pairs 3, 8 and 12`, and how many more there are. */
export function namesOf(ids: readonly string[]): string {
  const named = ids.slice(0, MOST_NAMED).join(', ');
  const more = ids.length - MOST_NAMED;
  return `${ids.length === 1 ? 'pair' : 'pairs'} ${named}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What a run says of them; null where there are none. */
export function equalRepliesWarning(
  equalIds: readonly string[],
  pairs: number,
  maxReplyTokens: number,
): WarningFrame | null {
  if (equalIds.length === 0) return null;
  return {
    type: 'warning',
    step: 0,
    code: 'pairs-equal',
    message: `${equalIds.length} of ${pairs} pairs have two replies of the same tokens once they are cut to the limits, and are left out: ${namesOf(equalIds)}.`,
    fix: 'Raise the longest reply, and the token budget with it, so that what tells the replies apart is kept.',
    suggestion: {
      field: 'maxReplyTokens',
      value: 2 * maxReplyTokens,
      label: `a longest reply of ${2 * maxReplyTokens} tokens`,
    },
  };
}
