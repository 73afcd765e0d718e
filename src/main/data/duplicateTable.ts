/** What a search for near-duplicates reads, stores and shows. */
import type { DuplicateKind } from '#shared/library.ts';
import type { Database } from './database.ts';
import { LAST_VISIBLE } from './search/searchTable.ts';
import { promptText } from './storedMessages.ts';

export interface PairParts {
  readonly id: number;
  readonly promptId: number;
  readonly aId: number;
  readonly bId: number;
  readonly aspect: string | null;
}

/** The texts that are compared. */
export function comparedTexts(database: Database) {
  const pairs = database.prepare<[], PairParts>(
    'SELECT id, prompt_id AS promptId, a_id AS aId, b_id AS bId, aspect FROM pairs ORDER BY id',
  );
  const prompt = database.prepare<[number], string>('SELECT messages FROM prompts WHERE id = ?').pluck();
  const reply = database.prepare<[number], string>('SELECT text FROM responses WHERE id = ?').pluck();
  return {
    pairs: () => pairs.iterate(),
    prompt: (id: number): string => promptText(prompt.get(id) ?? ''),
    reply: (id: number): string => reply.get(id) ?? '',
    lastPair: (): number => database.prepare<[], number>(LAST_VISIBLE).pluck().get() as number,
  };
}

interface Member {
  readonly itemId: number;
  readonly similarity: number;
}
export interface FoundGroup {
  readonly kind: DuplicateKind;
  readonly members: readonly Member[];
}

/** The last scan that is whole; null before the first. */
export const LATEST_SCAN = 'SELECT max(id) FROM duplicate_scans WHERE whole = 1';

interface Scan {
  readonly threshold: number;
  readonly at: string;
  readonly lastPair: number;
  readonly pairs: number;
}
const REMOVED_AT_ONCE = 500;

/** Stores what a scan found, in steps that are each short; nothing of it is read before the last. */
export function duplicateStore(database: Database) {
  const begin = database.prepare<[Scan]>(
    'INSERT INTO duplicate_scans (threshold, made_at, last_pair, pairs) VALUES (@threshold, @at, @lastPair, @pairs)',
  );
  const addGroup = database.prepare<[number, DuplicateKind, number, number]>(
    'INSERT INTO duplicate_groups (scan_id, kind, number, size) VALUES (?, ?, ?, ?)',
  );
  const addMember = database.prepare<[number, DuplicateKind, number, number, number]>(
    'INSERT INTO duplicate_members (scan_id, kind, number, item_id, similarity) VALUES (?, ?, ?, ?, ?)',
  );
  const finish = database.prepare<[number]>('UPDATE duplicate_scans SET whole = 1 WHERE id = ?');
  const removeSome = [
    `duplicate_members WHERE (scan_id, kind, number, item_id) IN
      (SELECT scan_id, kind, number, item_id FROM duplicate_members WHERE scan_id <> ? LIMIT ${REMOVED_AT_ONCE})`,
    `duplicate_groups WHERE (scan_id, kind, number) IN
      (SELECT scan_id, kind, number FROM duplicate_groups WHERE scan_id <> ? LIMIT ${REMOVED_AT_ONCE})`,
    'duplicate_scans WHERE id <> ?',
  ].map((rows) => database.prepare<[number]>(`DELETE FROM ${rows}`));
  return {
    *steps(scan: Scan, groups: Iterable<FoundGroup>): Generator<() => void> {
      let id = 0;
      yield () => {
        id = Number(begin.run(scan).lastInsertRowid);
      };
      const numbers = new Map<DuplicateKind, number>();
      for (const { kind, members } of groups) {
        const number = numbers.get(kind) ?? 0;
        numbers.set(kind, number + 1);
        yield () => void addGroup.run(id, kind, number, members.length);
        for (const { itemId, similarity } of members)
          yield () => void addMember.run(id, kind, number, itemId, similarity);
      }
      yield () => void finish.run(id);
    },
    /** Removes some of what earlier scans, and one that was broken off, had stored; says whether there is more. */
    removeEarlier(): boolean {
      const latest = database.prepare<[], number>(LATEST_SCAN).pluck().get() as number;
      return removeSome.some((remove) => remove.run(latest).changes > 0);
    },
  };
}
