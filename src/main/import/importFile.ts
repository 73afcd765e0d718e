import type { ImportFrame } from '#shared/entities.ts';
import { connectImport, type Database, durably } from '../data/database.ts';
import { hiddenRows } from '../data/hiddenRows.ts';
import {
  type AddOutcome,
  type HashedPair,
  hashPair,
  type NewPair,
  Occurrences,
  pairWriter,
} from '../data/pairWriter.ts';
import { Problems } from './Problems.ts';
import { checkStopped, readFile } from './readFile.ts';
import { SliceWriter, type Turn } from './SliceWriter.ts';
import { sourceName } from './sourceName.ts';
import type { ImportFormat, RowProblem } from './types.ts';

const BATCH_ROWS = 500;
const PROGRESS_EVERY_MS = 100;
/** Hidden rows that one slice of a clean-up removes: a few milliseconds. */
const CLEANED_ROWS = 200;

const CONFLICT: RowProblem = {
  field: null,
  reason: 'this pair is already there with the other reply preferred; the first label stays',
};

interface PreparedPair {
  readonly pair: NewPair & { readonly source: string; readonly format: ImportFormat };
  readonly hashes: HashedPair;
}
export interface ImportOptions {
  readonly projectPath: string;
  readonly file: string;
  /** ISO time of the import. */
  readonly at: string;
  readonly turn: Turn;
  readonly onFrame: (frame: ImportFrame) => void;
  /** Ends the import; with the reason `leave` at once, else after what was written is removed. */
  readonly signal: AbortSignal;
}
export const LEAVE = 'leave';

/** Removes what an import that was broken off had written, in slices. */
async function removeHidden(database: Database, turn: Turn, signal: AbortSignal): Promise<void> {
  const hidden = hiddenRows(database);
  while (signal.reason !== LEAVE && !(await turn(() => hidden.removeSome(CLEANED_ROWS))));
}

export async function cleanProject(projectPath: string, turn: Turn, signal: AbortSignal): Promise<void> {
  const database = connectImport(projectPath);
  try {
    await removeHidden(database, turn, signal);
  } finally {
    database.close();
  }
}

/**
 * Imports a file: rows are read and hashed here and written in short transactions that nobody sees the rows of, until
 * one last statement shows them all. An error or a stop leaves nothing behind.
 */
export async function importFile(options: ImportOptions): Promise<void> {
  const { projectPath, turn, signal } = options;
  const database = connectImport(projectPath);
  try {
    const hidden = hiddenRows(database);
    await turn(() => hidden.hide());
    try {
      const done = await writeRows(database, options);
      await turn(() => durably(database, () => hidden.show()));
      options.onFrame(done);
    } catch (error) {
      await removeHidden(database, turn, signal);
      throw error;
    }
  } finally {
    database.close();
  }
}

async function writeRows(
  database: Database,
  { file, at, turn, onFrame, signal }: ImportOptions,
): Promise<ImportFrame> {
  const problems = new Problems();
  const occurrences = new Occurrences();
  const counts: Record<AddOutcome, number> = { added: 0, duplicate: 0, conflict: 0 };
  const writer = await turn(() => pairWriter(database, at));
  const slices = new SliceWriter<PreparedPair>(database, turn, ({ pair, hashes }) => {
    const outcome = writer.add(pair, hashes, { name: pair.source, file, format: pair.format });
    counts[outcome] += 1;
    if (outcome === 'conflict') problems.add(pair.row, CONFLICT);
  });
  let rows = 0;
  let reportedAt = 0;
  for await (const batch of readFile(file, BATCH_ROWS, signal)) {
    const prepared: PreparedPair[] = [];
    for (const { row, outcome } of batch.rows) {
      rows += 1;
      if (!outcome.ok) {
        problems.add(row, outcome.problem);
        continue;
      }
      const pair = { ...outcome.pair, row, source: sourceName(outcome.pair, file) };
      prepared.push({ pair, hashes: hashPair(pair, occurrences) });
    }
    await slices.add(prepared);
    if (performance.now() - reportedAt < PROGRESS_EVERY_MS) continue;
    onFrame({ type: 'progress', rows, bytesRead: batch.bytesRead, bytesTotal: batch.bytesTotal });
    reportedAt = performance.now();
  }
  checkStopped(signal);
  return {
    type: 'done',
    sourceIds: writer.sourceIds(),
    imported: counts.added,
    duplicates: counts.duplicate + counts.conflict,
    problemCount: problems.count,
    problems: problems.listed,
  };
}
