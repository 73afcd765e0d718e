/** Pairs whose answer is known, and what people answered. */
import type { Verdict } from '#core/preference.ts';
import type { Database } from './database.ts';
import { inUse } from './marks/LeftOut.ts';
import { IMPORT_ANNOTATOR } from './pairIdentity.ts';

export interface GoldAnswer {
  readonly answer: Exclude<Verdict, 'skip'>;
  readonly annotatorId: number;
  readonly reason: string | null;
  readonly shown: 0 | 1;
}
interface Answered {
  readonly annotatorId: number;
  readonly name: string;
  readonly shown: 0 | 1;
  readonly answered: number;
  readonly right: number;
}
interface Answerer {
  readonly annotatorId: number;
  readonly name: string;
  readonly isPerson: 0 | 1;
}

/** Whether a pair's answer is unknown, for a query. */
export const notGold = (id: string): string =>
  `NOT EXISTS (SELECT 1 FROM gold_answers WHERE gold_answers.pair_id = ${id})`;

/** Whether a standing verdict is a label: on pairs with a known answer those of others may not count. */
export const COUNTS_AS_LABEL = `(annotators.kind = 'import'
  OR coalesce((SELECT json_extract(value, '$.gold.counts') FROM settings WHERE key = 'project'), 1)
  OR NOT EXISTS (SELECT 1 FROM gold_answers
    WHERE gold_answers.pair_id = standing.pair_id AND gold_answers.annotator_id <> standing.annotator_id))`;

export function goldTable(database: Database) {
  const of = database.prepare<[number], GoldAnswer>(
    'SELECT answer, annotator_id AS annotatorId, reason, shown FROM gold_answers WHERE pair_id = ?',
  );
  const unanswered = database
    .prepare<[{ annotatorId: number; skipped: 0 | 1 }], number>(
      `SELECT pair_id FROM gold_answers WHERE ${inUse('pair_id')} AND pair_id NOT IN (SELECT pair_id FROM set_aside)
         AND NOT EXISTS (SELECT 1 FROM standing WHERE standing.pair_id = gold_answers.pair_id
           AND standing.annotator_id = @annotatorId AND NOT (@skipped AND decision = 'skip'))`,
    )
    .pluck();
  const decided = database
    .prepare<[number], number>('SELECT count(*) FROM standing WHERE person = 1 AND annotator_id = ?')
    .pluck();
  const mark = database.prepare<[{ ids: string; annotatorId: number; shown: 0 | 1 }]>(
    `INSERT OR REPLACE INTO gold_answers (pair_id, answer, annotator_id, reason, shown)
     SELECT standing.pair_id, standing.decision, standing.annotator_id, annotations.rationale, @shown
     FROM json_each(@ids) JOIN standing ON standing.pair_id = value AND standing.annotator_id = @annotatorId
     JOIN annotations ON annotations.id = standing.annotation_id WHERE standing.decision <> 'skip'`,
  );
  const unmark = database.prepare<[string]>(
    'DELETE FROM gold_answers WHERE pair_id IN (SELECT value FROM json_each(?))',
  );
  const unmarkAll = database.prepare<[]>('DELETE FROM gold_answers');
  const counts = database.prepare<[], { hidden: number; shown: number }>(
    'SELECT coalesce(sum(shown = 0), 0) AS hidden, coalesce(sum(shown = 1), 0) AS shown FROM gold_answers',
  );
  const answered = database.prepare<[], Answered>(
    `SELECT annotators.id AS annotatorId, annotators.name, gold_answers.shown,
       count(*) AS answered, sum(annotations.decision = gold_answers.answer) AS right
     FROM gold_answers JOIN annotations ON annotations.pair_id = gold_answers.pair_id
     JOIN annotators ON annotators.id = annotations.annotator_id
     WHERE annotators.kind = 'person' AND annotators.id <> gold_answers.annotator_id
       AND annotations.id = (SELECT min(first.id) FROM annotations AS first
         WHERE first.pair_id = gold_answers.pair_id AND first.annotator_id = annotators.id
           AND first.action = 'decide' AND first.decision <> 'skip')
     GROUP BY annotators.id, gold_answers.shown ORDER BY annotators.id`,
  );
  const answerers = database.prepare<[], Answerer>(
    `SELECT id AS annotatorId, name, kind = 'person' AS isPerson FROM annotators
     WHERE EXISTS (SELECT 1 FROM standing WHERE standing.annotator_id = annotators.id)
     ORDER BY kind DESC, name`,
  );
  return {
    of: (pairId: number): GoldAnswer | null => of.get(pairId) ?? null,
    has: (pairId: number): boolean => of.get(pairId) !== undefined,
    counts: () => counts.get() as { hidden: number; shown: number },
    /** Known pairs that come to somebody yet, those that they skipped only where asked for. */
    unanswered: (annotatorId: number, withSkipped: boolean): number[] =>
      unanswered.all({ annotatorId, skipped: withSkipped ? 1 : 0 }),
    /** Pairs with a verdict of somebody that stands, skips among them. */
    decidedBy: (annotatorId: number): number => decided.get(annotatorId) as number,
    /** How many of the pairs a verdict of this person stands on, which is their answer from now on. */
    mark: (pairIds: readonly number[], annotatorId: number, shown: boolean): number =>
      mark.run({ ids: JSON.stringify(pairIds), annotatorId, shown: shown ? 1 : 0 }).changes,
    /** Null for all. */
    unmark: (pairIds: readonly number[] | null): number =>
      (pairIds === null ? unmarkAll.run() : unmark.run(JSON.stringify(pairIds))).changes,
    /** By person and kind, first answers alone. */
    answered: () => answered.all(),
    answerers: () =>
      answerers.all().map(({ name, isPerson, ...one }) => ({
        ...one,
        name: name === IMPORT_ANNOTATOR ? null : name,
        isPerson: isPerson === 1,
      })),
  };
}
