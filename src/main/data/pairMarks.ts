/** What people marked a pair with, as Facet's own files hold it. */
import type { Verdict } from '#core/preference.ts';
import type { Database } from './database.ts';
import { EXCLUDED, FIRST } from './marks/markTable.ts';
import type { Annotator } from './pairIdentity.ts';

/** The known answer of a pair, by the stored keys of its replies, and whose verdict it was. */
interface Gold extends Annotator {
  readonly answer: Exclude<Verdict, 'skip'>;
  readonly reason: string | null;
  readonly shown: 0 | 1;
}
export interface PairMarks {
  readonly tags: readonly string[];
  readonly excluded: boolean;
  /** Sent to the head of the queue. */
  readonly first: boolean;
  readonly gold?: Gold | undefined;
  /** Of a pair that a policy wrote for labelling: where it came from, as JSON. */
  readonly written?: string | undefined;
}

export function pairMarks(database: Database) {
  const marks = database.prepare<[{ id: number }], { markId: number; kind: string; name: string }>(
    `SELECT marks.id AS markId, kind, name FROM marks
     JOIN marked_pairs ON mark_id = marks.id AND word = @id >> 5
     WHERE bits >> (@id & 31) & 1 ORDER BY name`,
  );
  const goldOf = database.prepare<[number], Gold>(
    `SELECT answer, annotators.name AS annotator, kind, reason, shown FROM gold_answers
     JOIN annotators ON annotators.id = annotator_id WHERE pair_id = ?`,
  );
  const originOf = database
    .prepare<[number], string>('SELECT origin FROM pair_origins WHERE pair_id = ?')
    .pluck();
  return (pairId: number): PairMarks => {
    const found = marks.all({ id: pairId });
    const has = (id: number): boolean => found.some(({ markId }) => markId === id);
    const tags = found.filter(({ kind }) => kind === 'tag').map(({ name }) => name);
    const [gold, written] = [goldOf.get(pairId), originOf.get(pairId)];
    return {
      tags,
      excluded: has(EXCLUDED),
      first: has(FIRST),
      ...(gold && { gold }),
      ...(written !== undefined && { written }),
    };
  };
}

/** Marks pairs as another project had them marked. */
export function writeMarks(
  database: Database,
  marked: readonly { readonly pairId: number; readonly marks: PairMarks }[],
  annotatorId: (by: Annotator) => number,
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
  const putGold = database.prepare<[number, Gold['answer'], number, string | null, 0 | 1]>(
    'INSERT INTO gold_answers (pair_id, answer, annotator_id, reason, shown) VALUES (?, ?, ?, ?, ?)',
  );
  const putOrigin = database.prepare<[number, string]>(
    'INSERT INTO pair_origins (pair_id, origin) VALUES (?, ?)',
  );
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
    const { gold, written } = marks;
    if (gold) putGold.run(pairId, gold.answer, annotatorId(gold), gold.reason, gold.shown);
    if (written !== undefined) putOrigin.run(pairId, written);
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
