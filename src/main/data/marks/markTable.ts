import { FacetError } from '#core/result.ts';
import type { MarkChange } from '#shared/library.ts';
import type { Database } from '../database.ts';
import type { Bits } from '../search/Bits.ts';
import { inTransaction } from '../transaction.ts';

/** Marks that every project has; any other is a tag. */
export const DELETED = 1;
export const EXCLUDED = 2;
export const FIRST = 3;

/** Words written in one go: 65,536 pairs. */
const WORDS_AT_ONCE = 2048;

/** Numbers of words of a set that hold a pair, and those words. */
export interface SparseBits {
  readonly at: Uint32Array;
  readonly bits: Uint32Array;
}
export function sparse({ words }: Bits): SparseBits {
  const at = Uint32Array.from(words.keys()).filter((word) => words[word] !== 0);
  return { at, bits: at.map((word) => words[word] as number) };
}

const pack = ({ at, bits }: SparseBits): Buffer =>
  Buffer.concat(
    [at, bits].map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  );
function unpack(blob: Buffer): SparseBits {
  // Copied, since a blob's memory need not be aligned.
  const all = new Uint32Array(new Uint8Array(blob).buffer);
  return { at: all.subarray(0, all.length / 2), bits: all.subarray(all.length / 2) };
}

interface ChangeRow {
  readonly id: number;
  readonly markId: number;
  readonly adds: 0 | 1;
  readonly words: Buffer;
  readonly writing: 0 | 1;
}
export interface NewMarkChange {
  readonly markId: number;
  readonly adds: boolean;
  readonly pairs: number;
  readonly words: SparseBits;
  readonly annotatorId: number | null;
  readonly at: string;
}

const LATEST = `SELECT mark_changes.id, marks.kind, marks.name, adds, pairs FROM mark_changes
  JOIN marks ON marks.id = mark_id WHERE annotator_id IS ? AND undone_at IS NULL ORDER BY mark_changes.id DESC LIMIT 1`;

/** Marks and their changes, on the connection that writes. */
export function markTable(database: Database) {
  const add = database.prepare<[Omit<NewMarkChange, 'adds' | 'words'> & { adds: 0 | 1; words: Buffer }]>(
    `INSERT INTO mark_changes (mark_id, adds, pairs, words, annotator_id, made_at, writing)
     VALUES (@markId, @adds, @pairs, @words, @annotatorId, @at, @adds)`,
  );
  const undo = database.prepare<[string, number]>(
    'UPDATE mark_changes SET undone_at = ?, writing = 1 - adds WHERE id = ? AND undone_at IS NULL',
  );
  const begun = database.prepare<[], ChangeRow>(
    `SELECT id, mark_id AS markId, adds, words, writing FROM mark_changes WHERE writing IS NOT NULL ORDER BY id`,
  );
  const whole = database.prepare<[number]>('UPDATE mark_changes SET writing = NULL WHERE id = ?');
  // By the key of each word: an update from a list would walk the list for every word of the mark.
  const write = (bits: string) =>
    database.prepare<[number, string]>(
      `INSERT INTO marked_pairs (mark_id, word, bits)
       SELECT ?, value ->> 0, value ->> 1 FROM json_each(?) WHERE true
       ON CONFLICT DO UPDATE SET bits = ${bits}`,
    );
  const put = write('bits | excluded.bits');
  // Whatever is taken was put before, so that its word is there.
  const take = write('bits & ~excluded.bits');
  const renew = database.prepare<[number]>('UPDATE marks SET version = version + 1 WHERE id = ?');
  const latest = database.prepare<[number | null], Omit<MarkChange, 'adds'> & { readonly adds: 0 | 1 }>(
    LATEST,
  );
  const tag = database
    .prepare<[string], number>("SELECT id FROM marks WHERE kind = 'tag' AND name = ?")
    .pluck();
  const addTag = database.prepare<[string]>("INSERT INTO marks (kind, name) VALUES ('tag', ?)");

  function* pieces({ id, markId, words: blob, writing }: ChangeRow): Generator<() => void> {
    const { at, bits } = unpack(blob);
    for (let from = 0; from < at.length; from += WORDS_AT_ONCE) {
      const words = [...at.subarray(from, from + WORDS_AT_ONCE)].map((word, index) => [
        word,
        bits[from + index],
      ]);
      yield () =>
        inTransaction(database, () => {
          (writing === 1 ? put : take).run(markId, JSON.stringify(words));
          renew.run(markId);
        });
    }
    yield () => void whole.run(id);
  }

  const latestOf = (annotatorId: number | null): MarkChange | null => {
    const row = latest.get(annotatorId);
    return row ? { ...row, adds: row.adds === 1 } : null;
  };
  return {
    /** The tag's number; a new tag is made. */
    tagId: (name: string): number => tag.get(name) ?? Number(addTag.run(name).lastInsertRowid),
    /** Stores what is to change; `pieces` does it. */
    begin: ({ words, adds, ...change }: NewMarkChange): number =>
      Number(add.run({ ...change, adds: adds ? 1 : 0, words: pack(words) }).lastInsertRowid),
    /** The change that this person would take back. */
    latest: latestOf,
    undo: (changeId: number, annotatorId: number | null, at: string): MarkChange => {
      const found = latestOf(annotatorId);
      if (found?.id !== changeId) {
        throw new FacetError({
          code: 'library.history-moved',
          message: 'That is no longer your latest change: another page of yours has changed pairs since.',
          fix: 'Check what Undo would take back now, then try again.',
        });
      }
      undo.run(at, changeId);
      return found;
    },
    /** Short transactions that write what was begun, also before the project was last closed. */
    *pieces(): Generator<() => void> {
      for (const change of begun.all()) yield* pieces(change);
    },
  };
}
