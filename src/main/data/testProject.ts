/** For tests: a project file of its own in a temporary folder, with a few pairs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createDatabase, type Database } from './database.ts';
import { hashPair, type NewPair, pairWriter } from './pairWriter.ts';

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'facet-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function temporaryDatabase(): Database {
  const database = createDatabase(join(temporaryFolder(), 'test.facet'));
  onTestFinished(() => {
    database.close();
  });
  return database;
}

export function newPair(number: number, changes: Partial<NewPair> = {}): NewPair {
  return {
    messages: [{ role: 'user', content: `Question ${number}: how do I ask for a refund?` }],
    chosen: `Kindly, answer ${number}.`,
    rejected: `Just shout, answer ${number}.`,
    aspect: null,
    itemId: null,
    row: number,
    ...changes,
  };
}

/** Adds pairs under `source`; gives what became of each. */
export function addPairs(database: Database, pairs: readonly NewPair[], source = 'test') {
  return database.transaction(() => {
    const writer = pairWriter(database, '2026-01-01T00:00:00.000Z');
    const outcomes = pairs.map((pair) =>
      writer.add(pair, hashPair(pair), {
        name: source,
        file: `${source}.jsonl`,
        format: 'pairs',
      }),
    );
    writer.flush();
    writer.flushWaiting();
    return outcomes.map(({ outcome }) => outcome);
  })();
}

export const pairNumbers = (count: number): NewPair[] =>
  Array.from({ length: count }, (_, index) => newPair(index + 1));
