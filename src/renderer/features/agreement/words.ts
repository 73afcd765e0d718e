/** Agreement and leanings in sentences. Pure. */
import type { AgreementPerson, AgreementReport, AgreementRow } from '#shared/agreementEntities.ts';
import type { Share } from '#shared/dataEntities.ts';
import { formatCount, formatShare, plural } from '../../format.ts';

const signed = (value: number): string => value.toFixed(2).replace('-', '−');

/** After Landis and Koch's and Krippendorff's bounds; a word for a figure, never its verdict. */
export function strengthOf(alpha: number): string {
  if (alpha >= 0.8) return 'reliable';
  if (alpha >= 0.667) return 'fit for tentative conclusions';
  return alpha > 0.2 ? 'weak' : 'close to chance';
}

export function overallSentence({ raters, overall }: AgreementReport): string {
  if (raters.length < 2) return 'Agreement needs labels of two people at least.';
  if (overall.items === 0) return 'No pair has labels of two people yet.';
  const { raw, alpha } = overall;
  const same = `On ${plural(overall.items, 'pair')} that two or more labelled, ${formatShare(raw.value ?? 0, 0)} of comparisons are the same`;
  if (alpha.value === null) return `${same}; only one label occurs, so chance cannot be told from agreement.`;
  const { low, value } = alpha;
  const isUnsure = low !== null && strengthOf(low) !== strengthOf(value);
  const sure = isUnsure ? `, by the interval perhaps ${strengthOf(low)}` : '';
  return `${same}. Krippendorff’s α is ${signed(value)}: ${strengthOf(value)}${sure}.`;
}

/** How steady people are where the same pair came to them again. */
export function againSentence({ again }: AgreementReport): string {
  const pairs = again.reduce((sum, { items }) => sum + items, 0);
  return `What each person said of ${plural(pairs, 'pair')} that came to them again, blind and on sides drawn anew. Low figures mean that the question is unclear or that somebody tires.`;
}

/** What weighing people by how often they are right makes of their labels. */
export function consensusSentence({
  consensus: { items, againstMost, sure },
  raters,
}: AgreementReport): string {
  const few =
    raters.length < 3 ? ' With two people nothing tells which of them is right where they differ.' : '';
  return `How often each person is right, found together with what is right of each pair (Dawid and Skene). ${formatCount(sure)} of ${plural(items, 'pair')} have a label with a probability of 95 % or more; on ${formatCount(againstMost)} it is not the one that most gave.${few}`;
}

/** Which side of one half an interval lies on; null where half lies inside. */
const leaning = ({ share, low, high }: Share): 'more' | 'less' | null =>
  share === null ? null : low > 0.5 ? 'more' : high < 0.5 ? 'less' : null;

/** `Ada prefers the left reply in 71 % of 48 preferences, more often than chance would; …`. */
export function biasSentence({ name, left, longer }: AgreementPerson): string {
  const leanings = [
    [left, 'the left reply', 'the right reply'],
    [longer, 'the longer reply', 'the shorter reply'],
  ] as const;
  const found = leanings.flatMap(([share, one, other]) => {
    const side = leaning(share);
    if (side === null || share.share === null) return [];
    const part = side === 'more' ? share.share : 1 - share.share;
    return [
      `${side === 'more' ? one : other} in ${formatShare(part, 0)} of ${formatCount(share.of)} preferences`,
    ];
  });
  if (found.length > 0)
    return `${name} prefers ${found.join(', and ')}: more often than chance would have it.`;
  if (left.of + longer.of === 0) return `${name} has stated no preference that could lean.`;
  return `${name} leans to no side and no length: half lies inside both intervals.`;
}

export const figure = ({ value }: AgreementRow['raw']): string => (value === null ? '·' : signed(value));
export const interval = ({ low, high }: AgreementRow['raw']): string =>
  low === null || high === null ? '' : `${signed(low)} to ${signed(high)}`;
