import type { ImportFrame, ImportRules } from '#shared/importEntities.ts';
import { connectImport, type Database, durably } from '../data/database.ts';
import { hiddenRows } from '../data/hiddenRows.ts';
import { importMaps } from '../data/importMaps.ts';
import { BulkHashes } from '../data/pairHashes.ts';
import { type HashedPair, hashPair, type NewPair, type NewSource, pairWriter } from '../data/pairWriter.ts';
import { type NewSingle, singleWriter } from '../data/singleTable.ts';
import { inTransaction } from '../data/transaction.ts';
import { type InputFile, inputName } from './files/bytes.ts';
import { metadataText, newPair } from './newPair.ts';
import { checkStopped, FileReading, readFile } from './readFile.ts';
import { SliceWriter, type Turns } from './SliceWriter.ts';
import { sourceName } from './sourceName.ts';
import { type RowPlace, Tally } from './Tally.ts';
import type { ImportedItem, ImportedPair } from './types.ts';

const BATCH_ROWS = 2000;
const PROGRESS_EVERY_MS = 100;
/** Hidden rows that one slice of a clean-up removes: a few milliseconds. */
const CLEANED_ROWS = 200;

interface Prepared {
  readonly at: RowPlace;
  readonly source: NewSource;
  readonly write:
    | { readonly item: ImportedPair; readonly pair: NewPair; readonly hashes: HashedPair }
    | { readonly single: NewSingle };
}
export interface ImportOptions {
  readonly projectPath: string;
  readonly input: InputFile;
  readonly rules: ImportRules;
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
      const { done, finish } = await writeRows(database, options);
      await turns.take(() =>
        durably(database, () =>
          inTransaction(database, () => {
            hidden.show();
            finish();
          }),
        ),
      );
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
  const slices = new SliceWriter<() => void>(database, turns, {
    rows: 8,
    lookRows: 1,
    write: (some) => some(),
  });
  for (const some of known.batch(database)) {
    checkStopped(signal);
    await slices.add([some]);
  }
  await slices.flush();
}

function prepare(item: ImportedItem, at: RowPlace, shape: string, file: string): Prepared {
  const { row } = at;
  const source = {
    name: sourceName(item, file),
    file: item.origin?.file ?? file,
    format: item.origin?.format ?? shape,
  };
  if (item.kind === 'single') {
    const { kind: _kind, source: _source, origin, metadata, ...single } = item;
    return {
      at,
      source,
      write: { single: { ...single, metadata: metadataText(metadata), row: origin?.row ?? row } },
    };
  }
  const pair = newPair(item, row);
  return { at, source, write: { item, pair, hashes: hashPair(pair) } };
}

async function writeRows(
  database: Database,
  { input, rules, at, turns, onFrame, signal }: ImportOptions,
): Promise<{ done: ImportFrame; finish: () => void }> {
  const file = inputName(input);
  const tally = new Tally();
  const maps = importMaps(database);
  const reading = new FileReading({ given: rules, remembered: maps.find });
  const known = new BulkHashes(database);
  const writer = await turns.take(() => pairWriter(database, at, known));
  const addSingle = singleWriter(database);
  const slices = new SliceWriter<Prepared>(database, turns, {
    rows: 500,
    lookRows: 8,
    write: ({ at: rowPlace, source, write }) => {
      if ('single' in write) {
        tally.single(addSingle(write.single, writer.sourceId(source)), rowPlace);
        return;
      }
      const { outcome, conflict } = writer.add(write.pair, write.hashes, source);
      tally.pair(rowPlace, write.item, outcome, conflict);
    },
    end: writer.flush,
  });
  let reportedAt = 0;
  for await (const batch of readFile(input, reading, BATCH_ROWS, signal)) {
    const prepared = batch.rows.flatMap((read) => {
      const items = tally.row(read);
      const { row, count, outcome } = read;
      const place = { row, count, place: tally.counts.rows };
      return items.map((item) => prepare(item, place, outcome.ok ? outcome.shape : '', file));
    });
    await slices.add(prepared);
    if (performance.now() - reportedAt < PROGRESS_EVERY_MS) continue;
    const { bytesRead, bytesTotal } = batch;
    onFrame({ type: 'progress', rows: tally.counts.rows, bytesRead, bytesTotal });
    reportedAt = performance.now();
  }
  checkStopped(signal);
  await slices.flush();
  await writeHashes(database, turns, known, signal);
  const { counts, problems } = tally;
  const done: ImportFrame = {
    type: 'done',
    map: reading.map ?? null,
    isMapRemembered: reading.isRemembered,
    listedAs: reading.set?.name ?? null,
    sourceIds: writer.sourceIds(),
    format: tally.shape,
    imported: counts.added,
    duplicates: counts.alreadyThere + counts.conflicts,
    counts,
    readings: tally.readings,
    metadataFields: tally.metadataFields,
    problemCount: problems.count,
    problems: problems.listed,
  };
  const finish = (): void => {
    writer.flushWaiting();
    // An empty mapping, too, is a choice: it forgets what was remembered.
    if (reading.shape !== null && !reading.isRemembered && (rules.map || rules.verdicts))
      maps.keep(reading.shape, rules);
  };
  return { done, finish };
}
