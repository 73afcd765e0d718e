/** What an import says of each file, as lines. */
import type { FileProblem, FileReport } from '#shared/importReport.ts';

/** Nothing of any file came in, and nothing had come in before. */
export const readNothing = (files: readonly FileReport[]): boolean =>
  files.every(({ shape, rows, refused }) => shape === null || rows === refused);

const SHOWN_PROBLEMS = 20;
const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

function countLine(report: FileReport, done: boolean): string {
  const { rows, added, unlabelled, ties, bothBad, joined, singles, alreadyThere, conflicts, refused } =
    report;
  const inside = [
    unlabelled > 0 && `${unlabelled} unlabelled`,
    ties > 0 && count(ties, 'tie'),
    bothBad > 0 && `${bothBad} both bad`,
  ].filter(Boolean);
  const parts = [
    `${count(added, 'pair')} ${done ? 'added' : 'to add'}${inside.length > 0 ? ` (${inside.join(', ')})` : ''}`,
    joined > 0 && `${count(joined, 'further verdict')}`,
    singles > 0 && count(singles, 'single'),
    `${alreadyThere} there already`,
    conflicts > 0 && count(conflicts, 'conflict'),
    `${refused} refused`,
  ].filter(Boolean);
  return `${report.file}: ${report.shape}, ${count(rows, 'row')}: ${parts.join(', ')}`;
}

const listLines = ({ listedAs }: FileReport): string[] =>
  listedAs === null
    ? []
    : [`  read as dataset_info.json says of the set ${listedAs}; --map none reads it by its fields`];

const mapLines = ({ map, isMapRemembered }: FileReport): string[] =>
  map && isMapRemembered
    ? [
        `  read as files of these fields were before: ${Object.entries(map)
          .map(([part, field]) => `${part}=${field}`)
          .join(',')}; --map none reads them anew`,
      ]
    : [];

const SHOWN_FIELDS = 40;
/** Which field is read as what, and what is kept beside the pairs: to look at before importing. */
function fieldLines({ readings, metadataFields }: FileReport): string[] {
  const read = readings.map(({ part, field }) => (part === field ? field : `${part} from ${field}`));
  const kept = metadataFields.slice(0, SHOWN_FIELDS);
  const more = metadataFields.length - kept.length;
  return [
    ...(read.length > 0 ? [`  fields: ${read.join(', ')}`] : []),
    ...(kept.length > 0
      ? [`  kept as metadata: ${kept.join(', ')}${more > 0 ? ` and ${more} more` : ''}`]
      : []),
  ];
}

function problemLine({ file, row, field, found, expected, fix }: FileProblem): string {
  const place = [file, row === null ? null : `row ${row}`, field === null ? null : `field ${field}`];
  const what = expected === null ? found : `${found} (expected: ${expected})`;
  return `  ${place.filter((part) => part !== null).join(', ')}: ${what}${fix === null ? '' : `; ${fix}`}`;
}

export function reportLines(reports: readonly FileReport[], done: boolean): string[] {
  return reports.flatMap((report) => {
    const { problems, problemCount } = report;
    const shown = problems.slice(0, SHOWN_PROBLEMS).map(problemLine);
    const more = problemCount - shown.length;
    const head =
      report.shape === null
        ? []
        : [
            countLine(report, done),
            ...(done ? [] : fieldLines(report)),
            ...listLines(report),
            ...mapLines(report),
          ];
    return [...head, ...shown, ...(more > 0 ? [`  and ${more} more`] : [])];
  });
}
