/** What people marked a pair with, as Facet's own files hold it. */
import type { Database } from './database.ts';
import { EXCLUDED, FIRST } from './marks/markTable.ts';

export interface PairMarks {
  readonly tags: readonly string[];
  readonly excluded: boolean;
  /** Sent to the head of the queue. */
  readonly first: boolean;
}

export function pairMarks(database: Database) {
  const marks = database.prepare<[{ id: number }], { markId: number; kind: string; name: string }>(
    `SELECT marks.id AS markId, kind, name FROM marks
     JOIN marked_pairs ON mark_id = marks.id AND word = @id >> 5
     WHERE bits >> (@id & 31) & 1 ORDER BY name`,
  );
  return (pairId: number): PairMarks => {
    const found = marks.all({ id: pairId });
    const has = (id: number): boolean => found.some(({ markId }) => markId === id);
    const tags = found.filter(({ kind }) => kind === 'tag').map(({ name }) => name);
    return { tags, excluded: has(EXCLUDED), first: has(FIRST) };
  };
}

/** Marks pairs as another project had them marked. */
export function writeMarks(
  database: Database,
  marked: readonly { readonly pairId: number; readonly marks: PairMarks }[],
): void {
  const tag = database.prepare<[string]>(
    "INSERT INTO marks (kind, name) VALUES ('tag', ?) ON CONFLICT DO NOTHING",
  );
  const tagId = database
    .prepare<[string], number>("SELECT id FROM marks WHERE kind = 'tag' AND name = ?")
    .pluck();
  const put = database.prepare<[number, number, number]>(
    `INSERT INTO marked_pairs (mark_id, word, bits) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET bits = bits | excluded.bits`,
  );
  const renew = database.prepare<[number]>('UPDATE marks SET version = version + 1 WHERE id = ?');
  const words = new Map<number, Map<number, number>>();
  const ids = new Map<string, number>();
  const idOf = (name: string): number => {
    if (!ids.has(name)) {
      tag.run(name);
      ids.set(name, tagId.get(name) as number);
    }
    return ids.get(name) as number;
  };
  for (const { pairId, marks } of marked) {
    const own = [
      ...marks.tags.map(idOf),
      ...(marks.excluded ? [EXCLUDED] : []),
      ...(marks.first ? [FIRST] : []),
    ];
    for (const markId of own) {
      const of = words.get(markId) ?? new Map<number, number>();
      words.set(markId, of);
      of.set(pairId >>> 5, ((of.get(pairId >>> 5) ?? 0) | (1 << (pairId & 31))) >>> 0);
    }
  }
  for (const [markId, of] of words) {
    for (const [word, bits] of of) put.run(markId, word, bits);
    renew.run(markId);
  }
}
