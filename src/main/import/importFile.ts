import { basename } from 'node:path';
import type { ImportFrame, ImportPreview } from '#shared/entities.ts';
import { connect, type Database } from '../data/database.ts';
import { hashPair, knownPairs, type NewPair, Occurrences, pairWriter } from '../data/pairWriter.ts';
import { begin, commit, rollBack } from '../data/transaction.ts';
import { checkStopped, readFile } from './readFile.ts';
import type { ImportedPair, ImportFormat, RowProblem } from './types.ts';

/** Rows between two breaths: a few milliseconds of work. */
const BATCH_ROWS = 40;
const PROGRESS_EVERY_MS = 100;
const LISTED_PROBLEMS = 200;
const SAMPLE_ROWS = 5;

type ListedProblem = { row: number } & { -readonly [K in keyof RowProblem]: RowProblem[K] };

/** The first problems of a file, and how many there are. */
class Problems {
  readonly listed: ListedProblem[] = [];
  count = 0;
  add(row: number, { field, reason }: RowProblem): void {
    this.count += 1;
    if (this.listed.length < LISTED_PROBLEMS) this.listed.push({ row, field, reason });
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** The pair's own source, else the file's name without its endings. */
export const sourceName = (pair: ImportedPair, file: string): string =>
  pair.source ?? basename(file).replace(/(\.(jsonl|ndjson|json|gz))+$/i, '');
const newPair = (pair: ImportedPair, row: number): NewPair => ({ ...pair, row });
const CONFLICT: RowProblem = {
  field: null,
  reason: 'this pair is already there with the other reply preferred; the first label stays',
};

function mostFrequent(counts: ReadonlyMap<ImportFormat, number>): ImportFormat | 'unknown' {
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 'unknown';
}

/** Reads the whole file and changes nothing. */
export async function previewFile(database: Database, file: string): Promise<ImportPreview> {
  const problems = new Problems();
  const occurrences = new Occurrences();
  const isKnown = knownPairs(database);
  const seen = new Set<string>();
  const formats = new Map<ImportFormat, number>();
  const sample: ImportPreview['sample'] = [];
  let rows = 0;
  let readable = 0;
  let duplicates = 0;
  for await (const batch of readFile(file, BATCH_ROWS)) {
    for (const { row, outcome } of batch.rows) {
      rows += 1;
      if (!outcome.ok) {
        problems.add(row, outcome.problem);
        continue;
      }
      readable += 1;
      const { pair } = outcome;
      formats.set(pair.format, (formats.get(pair.format) ?? 0) + 1);
      const hash = hashPair(newPair(pair, row), occurrences).pair;
      const key = hash.toString('latin1');
      if (seen.has(key) || isKnown(hash)) duplicates += 1;
      seen.add(key);
      if (sample.length < SAMPLE_ROWS) {
        const { messages, chosen, rejected } = pair;
        sample.push({ messages: [...messages], chosen, rejected, source: sourceName(pair, file) });
      }
    }
    await nextTurn();
  }
  return {
    file,
    format: mostFrequent(formats),
    rows,
    readable,
    duplicates,
    problems: problems.listed,
    problemCount: problems.count,
    sample,
  };
}

/**
 * Imports a file in one transaction on a connection of its own: readers see nothing of it before it is whole, and
 * an error, an abort or a caller that stops reading leaves nothing behind. The caller holds the project's writer.
 */
export async function* importFile(
  projectPath: string,
  file: string,
  at: string,
  signal?: AbortSignal,
): AsyncGenerator<ImportFrame, void> {
  const database = connect(projectPath);
  const problems = new Problems();
  const occurrences = new Occurrences();
  let rows = 0;
  let imported = 0;
  let duplicates = 0;
  let toldAt = 0;
  try {
    begin(database);
    const writer = pairWriter(database, at);
    for await (const batch of readFile(file, BATCH_ROWS, signal)) {
      for (const { row, outcome } of batch.rows) {
        rows += 1;
        if (!outcome.ok) {
          problems.add(row, outcome.problem);
          continue;
        }
        const { pair } = outcome;
        const added = newPair(pair, row);
        const source = { name: sourceName(pair, file), file, format: pair.format };
        const result = writer.add(added, hashPair(added, occurrences), source);
        if (result === 'added') imported += 1;
        else duplicates += 1;
        if (result === 'conflict') problems.add(row, CONFLICT);
      }
      if (performance.now() - toldAt >= PROGRESS_EVERY_MS) {
        yield { type: 'progress', rows, bytesRead: batch.bytesRead, bytesTotal: batch.bytesTotal };
        toldAt = performance.now();
      }
      await nextTurn();
    }
    checkStopped(signal);
    commit(database);
    yield {
      type: 'done',
      sourceIds: writer.sourceIds(),
      imported,
      duplicates,
      problemCount: problems.count,
      problems: problems.listed,
    };
  } finally {
    rollBack(database);
    database.close();
  }
}
