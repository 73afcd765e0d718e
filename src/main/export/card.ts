/** What a person who gets the files wants to know of them, as Markdown. Pure. */
import type { Counted, Share } from '#shared/dataEntities.ts';
import type { PairFigures } from '../figures/PairFigures.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const inWords = ({ share, low, high, of }: Share, what: string): string =>
  share === null
    ? `none of ${what}`
    : `${percent(share)} (95 % interval ${percent(low)} to ${percent(high)}) of ${of} ${what}`;

const table = (head: string, unit: string, counts: readonly Counted[]): string[] =>
  counts.length === 0
    ? []
    : [
        `| ${head} | ${unit} |`,
        '| --- | --- |',
        ...counts.map(
          ({ name, count }) => `| ${name.replaceAll('|', '\\|').replaceAll('\n', ' ')} | ${count} |`,
        ),
        '',
      ];

export function cardLines(
  title: string,
  facts: readonly string[],
  figures: PairFigures,
  codes: readonly string[],
): string[] {
  const { compared, same, alpha } = figures.agreement;
  const agreement =
    compared === 0
      ? 'nobody labelled the same pair as somebody else.'
      : `of ${compared} comparisons of two labels of one pair, ${percent(same / compared)} are the same${
          alpha === null ? '' : `; Krippendorff’s alpha ${alpha.toFixed(3)}`
        }.`;
  return [
    `# ${title}`,
    '',
    ...facts.map((fact) => `- ${fact}`),
    `- Pairs: ${figures.pairs}; with a label: ${figures.labelled}.`,
    `- Agreement: ${agreement}`,
    `- Length: the longer reply (in characters) is preferred in ${inWords(figures.longer(), 'preferences between replies of unequal length')}.`,
    `- Side: the left reply is preferred in ${inWords(figures.left(), 'preferences whose sides are known')}.`,
    '',
    ...table('verdict', 'count', figures.verdicts()),
    ...table('source', 'pairs', figures.sources()),
    ...table('aspect', 'pairs', figures.aspects()),
    ...codes,
  ];
}
