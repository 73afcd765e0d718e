import type { ImportFrame } from '#shared/entities.ts';
import { connectImport, type Database, durably } from '../data/database.ts';
import { hiddenRows } from '../data/hiddenRows.ts';
import { BulkHashes, beginBatch } from '../data/pairHashes.ts';
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
import { SliceWriter, type Turns } from './SliceWriter.ts';
import { sourceName } from './sourceName.ts';
import type { ImportFormat, RowProblem } from './types.ts';

const BATCH_ROWS = 2000;
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
  readonly turns: Turns;
  readonly onFrame: (frame: ImportFrame) => void;
  /** Ends the import; with the reason `leave` at once, else after what was written is removed. */
  readonly signal: AbortSignal;
}
export const LEAVE = 'leave';

/** Removes what an import that was broken off had written, in slices. */
async function removeHidden(database: Database, turns: Turns, signal: AbortSignal): Promise<void> {
  const hidden = hiddenRows(database);
  while (signal.reason !== LEAVE && !(await turns.take(() => hidden.removeSome(CLEANED_ROWS))));
}

export async function cleanProject(projectPath: string, turns: Turns, signal: AbortSignal): Promise<void> {
  const database = connectImport(projectPath);
  try {
    await removeHidden(database, turns, signal);
  } finally {
    database.close();
  }
}

/**
 * Imports a file: rows are read and hashed here and written in short transactions that nobody sees the rows of, until
 * one last statement shows them all. An error or a stop leaves nothing behind.
 */
export async function importFile(options: ImportOptions): Promise<void> {
  const { projectPath, turns, signal } = options;
  const database = connectImport(projectPath);
  try {
    const hidden = hiddenRows(database);
    await turns.take(() => hidden.hide());
    try {
      const done = await writeRows(database, options);
      await turns.take(() => durably(database, () => hidden.show()));
      options.onFrame(done);
    } catch (error) {
      await removeHidden(database, turns, signal);
      throw error;
    }
  } finally {
    database.close();
  }
}

/** The hashes of what was added, in their order. */
async function writeHashes(
  database: Database,
  turns: Turns,
  known: BulkHashes,
  signal: AbortSignal,
): Promise<void> {
  if (known.isEmpty) return;
  const number = await turns.take(() => beginBatch(database));
  const batch = known.batch(database, number);
  const slices = new SliceWriter<() => void>(database, turns, {
    rows: 20,
    lookRows: 1,
    write: (some) => some(),
  });
  for (const some of batch) {
    checkStopped(signal);
    await slices.add([some]);
  }
  await slices.flush();
}

async function writeRows(
  database: Database,
  { file, at, turns, onFrame, signal }: ImportOptions,
): Promise<ImportFrame> {
  const problems = new Problems();
  const occurrences = new Occurrences();
  const counts: Record<AddOutcome, number> = { added: 0, duplicate: 0, conflict: 0 };
  const known = new BulkHashes(database);
  const writer = await turns.take(() => pairWriter(database, at, known));
  const slices = new SliceWriter<PreparedPair>(database, turns, {
    rows: 500,
    lookRows: 8,
    write: ({ pair, hashes }) => {
      const outcome = writer.add(pair, hashes, { name: pair.source, file, format: pair.format });
      counts[outcome] += 1;
      if (outcome === 'conflict') problems.add(pair.row, CONFLICT);
    },
    end: writer.flush,
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
  await slices.flush();
  await writeHashes(database, turns, known, signal);
  return {
    type: 'done',
    sourceIds: writer.sourceIds(),
    imported: counts.added,
    duplicates: counts.duplicate + counts.conflict,
    problemCount: problems.count,
    problems: problems.listed,
  };
}
