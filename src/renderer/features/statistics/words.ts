/** Figures of a project in sentences. Pure. */
import { languageName } from '#core/languageName.ts';
import type { DataStatistics, Share } from '#shared/dataEntities.ts';
import { formatCount, formatShare } from '../../format.ts';

export const VERDICT_NAMES: Readonly<Record<string, string>> = {
  a: 'Reply A',
  b: 'Reply B',
  tie: 'Tie',
  both_bad: 'Both bad',
};

export const languageOrNone = (code: string): string =>
  code === 'und' ? 'Too short to tell' : languageName(code);

export const inPercent = ({ share, low, high }: Share): string =>
  share === null
    ? 'none'
    : `${formatShare(share, 0)} (${(100 * low).toFixed(0)} to ${(100 * high).toFixed(0)})`;

/** Whether half lies outside the interval: more than chance would give. */
const leans = ({ share, low, high }: Share): boolean => share !== null && (low > 0.5 || high < 0.5);

export function lengthSentence({ longer }: DataStatistics): string {
  if (longer.share === null) return 'No preference between replies of unequal length yet.';
  if (!leans(longer)) return 'Length makes no clear difference: half lies inside the interval.';
  return longer.low > 0.5
    ? 'Longer replies are preferred more often than chance would have it.'
    : 'Shorter replies are preferred more often than chance would have it.';
}

export function sideSentence({ left }: DataStatistics): string {
  if (left.share === null) return 'No preference whose sides are known yet.';
  if (!leans(left)) return 'No side is favoured: half lies inside the interval.';
  return left.low > 0.5 ? 'The left side is favoured.' : 'The right side is favoured.';
}

export function agreementSentence({ agreement: { compared, same, alpha } }: DataStatistics): string {
  if (compared === 0) return 'No pair has labels of two people yet.';
  const shares = `${formatShare(same / compared)} of ${formatCount(compared)} comparisons are the same`;
  if (alpha === null) return `${shares}; only one label occurs, so chance cannot be told from agreement.`;
  return `${shares}; Krippendorff’s alpha is ${alpha.toFixed(2)}, where 0 is chance and 1 is full agreement.`;
}

export function ratioName(index: number, upTo: readonly (number | null)[]): string {
  const most = upTo[index] ?? null;
  const least = index === 0 ? null : (upTo[index - 1] ?? null);
  if (least === null) return `up to ${most} times as long`;
  return most === null ? `over ${least} times` : `${least} to ${most} times`;
}
