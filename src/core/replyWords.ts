/** Words that tell chosen replies from rejected ones, by the log-odds with an informative prior that codes' keywords use. Pure. */
import { codeKeywords } from './codebookKeywords.ts';

export interface ReplyPair {
  readonly chosen: string;
  readonly rejected: string;
}

/** With fewer pairs a word is chance. */
const FEWEST_PAIRS = 10;

/** Words over-represented on either side, strongest first; none with few pairs. */
export function replyWords(
  pairs: readonly ReplyPair[],
  limit = 8,
): { readonly chosen: readonly string[]; readonly rejected: readonly string[] } {
  if (pairs.length < FEWEST_PAIRS) return { chosen: [], rejected: [] };
  const texts = pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]);
  // Two groups, each text wholly in one.
  const weights = pairs.flatMap(() => [1, 0, 0, 1]);
  const [chosen = [], rejected = []] = codeKeywords(texts, weights, 2, { limit, minimumPrompts: 3 });
  return { chosen, rejected };
}
