/** What an import says of each file, for people and for programs. */
import type { Failure } from '#core/result.ts';
import type { ImportCounts } from '#shared/importEntities.ts';

interface FileProblem {
  readonly file: string;
  readonly row: number | null;
  readonly field: string | null;
  readonly found: string;
  readonly expected: string | null;
  readonly fix: string | null;
}
export interface FileReport extends ImportCounts {
  readonly file: string;
  /** Null where the file could not be read. */
  readonly shape: string | null;
  /** All problems, of which `problems` lists the first 200. */
  readonly problemCount: number;
  readonly problems: readonly FileProblem[];
}

const NOTHING: ImportCounts = {
  rows: 0,
  added: 0,
  unlabelled: 0,
  ties: 0,
  bothBad: 0,
  joined: 0,
  singles: 0,
  alreadyThere: 0,
  conflicts: 0,
  refused: 0,
};

/** A row's reason in its parts: `is X, not Y; do Z`. */
function problemOf(
  file: string,
  { row, field, reason }: { row: number; field: string | null; reason: string },
): FileProblem {
  const cut = reason.indexOf('; ');
  const what = cut < 0 ? reason : reason.slice(0, cut);
  const fix = cut < 0 ? null : reason.slice(cut + 2);
  const parts = /^is (.+), not (.+)$/.exec(what);
  if (parts) return { file, row, field, found: parts[1] as string, expected: parts[2] as string, fix };
  return { file, row, field, found: what, expected: null, fix };
}

export function fileReport(
  file: string,
  read: {
    format: string;
    counts: ImportCounts;
    problemCount: number;
    problems: readonly { row: number; field: string | null; reason: string }[];
  },
): FileReport {
  const { format: shape, counts, problemCount, problems } = read;
  return {
    file,
    shape,
    ...counts,
    problemCount,
    problems: problems.map((problem) => problemOf(file, problem)),
  };
}

export function failedReport(file: string, { message, fix, where }: Failure): FileReport {
  const { row = null, field = null } = where ?? {};
  const problem: FileProblem = { file, row, field, found: message, expected: null, fix: fix ?? null };
  return { file, shape: null, ...NOTHING, problemCount: 1, problems: [problem] };
}

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

function problemLine({ file, row, field, found, expected, fix }: FileProblem): string {
  const place = [file, row === null ? null : `row ${row}`, field === null ? null : `field ${field}`];
  const what = expected === null ? found : `is ${found}, not ${expected}`;
  return `  ${place.filter((part) => part !== null).join(', ')}: ${what}${fix === null ? '' : `; ${fix}`}`;
}

export function reportLines(reports: readonly FileReport[], done: boolean): string[] {
  return reports.flatMap((report) => {
    const { problems, problemCount } = report;
    const shown = problems.slice(0, SHOWN_PROBLEMS).map(problemLine);
    const more = problemCount - shown.length;
    const head = report.shape === null ? [] : [countLine(report, done)];
    return [...head, ...shown, ...(more > 0 ? [`  and ${more} more`] : [])];
  });
}
