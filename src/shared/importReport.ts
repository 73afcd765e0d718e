/** What an import says of each file, for people and for programs. Pure. */
import type { Failure } from '#core/result.ts';
import type { ImportCounts, ImportRules } from './importEntities.ts';

interface RowProblem {
  readonly row: number;
  readonly field: string | null;
  readonly reason: string;
}
export interface FileProblem {
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
  /** The mapping of fields that was used, where one was given or remembered. */
  readonly map: ImportRules['map'] | null;
  readonly isMapRemembered: boolean;
  /** The set as which a dataset_info.json beside the file describes it. */
  readonly listedAs: string | null;
  /** Which field each part of a pair was read from, and the columns that are kept beside it. */
  readonly readings: readonly { readonly part: string; readonly field: string }[];
  readonly metadataFields: readonly string[];
  /** All problems, of which `problems` lists the first 200. */
  readonly problemCount: number;
  readonly problems: readonly FileProblem[];
}

const NOTHING: ImportCounts = {
  rows: 0,
  added: 0,
  addedRows: 0,
  unlabelled: 0,
  ties: 0,
  bothBad: 0,
  joined: 0,
  singles: 0,
  alreadyThere: 0,
  conflicts: 0,
  refused: 0,
};

/** What would have been right, for reasons that do not say it. */
const EXPECTED: readonly (readonly [begins: string, expected: string])[] = [
  ['is missing', 'a field with text or messages'],
  ['is empty', 'text'],
  ['is null', 'text or messages'],
  ['both replies are the same', 'two replies that differ'],
  ['the dialogues part', 'dialogues that differ in their last reply alone'],
  ['is cut off', 'a whole JSON value'],
  ['is not JSON', 'a JSON value'],
  ['is not UTF-8', 'UTF-8 text'],
  ['stands twice', 'each key once'],
  ['has a line break inside', 'line breaks as \\n'],
  ['has been through a chat template', 'text or messages without template marks'],
  ['holds the marks of a chat template', "the reply's own text"],
  ['holds half a character', 'whole characters'],
  ['this pair is there already', 'the label that stands'],
  ['this reply is there already', 'the label that stands'],
];

/** A row's reason in its parts: `is X, not Y; do Z`. */
export function problemOf(file: string, { row, field, reason }: RowProblem): FileProblem {
  const cut = reason.indexOf('; ');
  const what = cut < 0 ? reason : reason.slice(0, cut);
  const fix = cut < 0 ? 'Correct the row, or go on without it.' : reason.slice(cut + 2);
  const parts = /^is (.+), not (.+)$/.exec(what);
  if (parts) return { file, row, field, found: parts[1] as string, expected: parts[2] as string, fix };
  const [, expected = null] = EXPECTED.find(([begins]) => what.startsWith(begins)) ?? [];
  return { file, row, field, found: what, expected, fix };
}

export interface ReadFile {
  readonly format: string;
  readonly counts: ImportCounts;
  readonly map: ImportRules['map'] | null;
  readonly isMapRemembered: boolean;
  readonly listedAs: string | null;
  readonly readings: FileReport['readings'];
  readonly metadataFields: readonly string[];
  readonly problemCount: number;
  readonly problems: readonly RowProblem[];
}

export function fileReport(file: string, read: ReadFile): FileReport {
  const { format: shape, counts, map, isMapRemembered, listedAs, problemCount, problems } = read;
  const { readings, metadataFields } = read;
  return {
    file,
    shape,
    ...counts,
    map,
    isMapRemembered,
    listedAs,
    readings,
    metadataFields,
    problemCount,
    problems: problems.map((problem) => problemOf(file, problem)),
  };
}

export function failedReport(file: string, { message, fix, where }: Failure): FileReport {
  const { row = null, field = null } = where ?? {};
  const problem: FileProblem = { file, row, field, found: message, expected: null, fix: fix ?? null };
  return {
    file,
    shape: null,
    ...NOTHING,
    map: null,
    isMapRemembered: false,
    listedAs: null,
    readings: [],
    metadataFields: [],
    problemCount: 1,
    problems: [problem],
  };
}
