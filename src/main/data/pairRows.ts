import type { PairFilter, PairRow, Source } from '#shared/entities.ts';
import type { Database } from './database.ts';
import { searchQuery } from './searchQuery.ts';

export interface Bound {
  /** Null for a look without anybody's verdicts. */
  readonly annotatorId: number | null;
  readonly sourceId?: number;
  readonly query?: string;
}
interface RowsBound extends Bound {
  readonly blind: 0 | 1;
  readonly offset: number;
  readonly limit: number;
}
/** For whom rows are read; `blind` hides what others say of a pair that this annotator has yet to decide. */
export interface Viewer {
  readonly annotatorId: number | null;
  readonly blind: boolean;
}
interface Condition {
  readonly where: string;
  readonly bound: Bound;
}

/** The annotator's own standing verdict on a pair. */
export const OWN =
  'SELECT 1 FROM standing WHERE standing.pair_id = pairs.id AND standing.annotator_id = @annotatorId';
const STATUS = {
  all: null,
  unlabelled: `NOT EXISTS (${OWN})`,
  labelled: `EXISTS (${OWN} AND standing.decision <> 'skip')`,
  skipped: `EXISTS (${OWN} AND standing.decision = 'skip')`,
} as const;

/** Null where the filter can match nothing: only punctuation was typed. */
export function pairCondition(filter: PairFilter, annotatorId: number | null): Condition | null {
  const text = filter.text.trim();
  const query = searchQuery(text);
  if (text !== '' && query === null) return null;
  const parts = [
    filter.sourceId === null ? null : 'pairs.source_id = @sourceId',
    STATUS[filter.status],
    query === null ? null : 'pairs.id IN (SELECT rowid FROM pairs_fts WHERE pairs_fts MATCH @query)',
  ].filter((part) => part !== null);
  return {
    where: parts.length === 0 ? '1' : parts.join(' AND '),
    bound: {
      annotatorId,
      ...(filter.sourceId !== null && { sourceId: filter.sourceId }),
      ...(query !== null && { query }),
    },
  };
}

/** A row of the table is one line: what is beyond would only travel. */
const SHOWN_CHARACTERS = 400;

export const countSql = (where: string) => `SELECT count(*) FROM pairs WHERE ${where}`;
/** A skip is no decision: the pair may come back. */
const HIDDEN = "(@blind AND coalesce(own.decision, 'skip') = 'skip')";
/** Positions are found on the narrow table first; texts are read for the page alone. */
export const rowsSql = (where: string) => `
WITH page AS MATERIALIZED (
  SELECT pairs.id FROM pairs WHERE ${where} ORDER BY pairs.id LIMIT @limit OFFSET @offset
), latest AS MATERIALIZED (
  SELECT max(id) AS id FROM runs WHERE state = 'finished'
)
SELECT pairs.id, prompts.preview AS prompt,
  substr(a.text, 1, ${SHOWN_CHARACTERS}) AS a, substr(b.text, 1, ${SHOWN_CHARACTERS}) AS b,
  sources.name AS source, pairs.aspect, ${HIDDEN} AS hidden,
  CASE WHEN NOT ${HIDDEN} THEN (
    SELECT standing.decision FROM standing JOIN annotators ON annotators.id = standing.annotator_id
    WHERE standing.pair_id = pairs.id AND annotators.kind = 'import') END AS imported,
  shown.decision AS verdict, person.name AS by,
  CASE WHEN NOT ${HIDDEN} THEN (
    SELECT top_code FROM code_activations
    WHERE run_id = (SELECT id FROM latest) AND prompt_id = pairs.prompt_id) END AS code,
  CASE WHEN NOT ${HIDDEN} THEN (
    SELECT margin FROM pair_results
    WHERE run_id = (SELECT id FROM latest) AND pair_id = pairs.id) END AS margin
FROM page
-- CROSS keeps the page outermost: without statistics SQLite would walk every pair to find it.
CROSS JOIN pairs ON pairs.id = page.id
JOIN prompts ON prompts.id = pairs.prompt_id
JOIN responses AS a ON a.id = pairs.a_id
JOIN responses AS b ON b.id = pairs.b_id
JOIN sources ON sources.id = pairs.source_id
LEFT JOIN standing AS own ON own.pair_id = pairs.id AND own.annotator_id = @annotatorId
LEFT JOIN standing AS shown ON shown.pair_id = pairs.id AND shown.annotator_id = coalesce(
  own.annotator_id,
  CASE WHEN NOT ${HIDDEN} THEN (
    SELECT standing.annotator_id FROM standing JOIN annotators ON annotators.id = standing.annotator_id
    WHERE standing.pair_id = pairs.id AND annotators.kind = 'person'
    ORDER BY standing.annotation_id DESC LIMIT 1) END)
LEFT JOIN annotators AS person ON person.id = shown.annotator_id
ORDER BY pairs.id`;

export function pairRows(database: Database) {
  const count = (filter: PairFilter, annotatorId: number | null): number => {
    const condition = pairCondition(filter, annotatorId);
    if (!condition) return 0;
    return database
      .prepare<[Bound], number>(countSql(condition.where))
      .pluck()
      .get(condition.bound) as number;
  };
  return {
    count,
    rows: (filter: PairFilter, { annotatorId, blind }: Viewer, offset: number, limit: number): PairRow[] => {
      const condition = pairCondition(filter, annotatorId);
      if (!condition) return [];
      return database
        .prepare<[RowsBound], Omit<PairRow, 'hidden'> & { readonly hidden: 0 | 1 }>(rowsSql(condition.where))
        .all({ ...condition.bound, blind: blind ? 1 : 0, offset, limit })
        .map((row) => ({ ...row, hidden: row.hidden === 1 }));
    },
    sources: (): Source[] =>
      database
        .prepare<[], Source>(
          `SELECT id, name, file, format, imported_at AS importedAt,
             (SELECT count(*) FROM pairs WHERE source_id = sources.id) AS pairs
           FROM sources ORDER BY id`,
        )
        .all(),
    totals: (): { pairs: number; prompts: number; labelled: number; runs: number } =>
      database
        .prepare<[], { pairs: number; prompts: number; labelled: number; runs: number }>(
          `SELECT (SELECT count(*) FROM pairs) AS pairs, (SELECT count(*) FROM prompts) AS prompts,
             (SELECT count(*) FROM runs) AS runs,
             (SELECT count(DISTINCT pair_id) FROM standing WHERE decision <> 'skip' AND annotator_id IN
               (SELECT id FROM annotators WHERE kind = 'person')) AS labelled`,
        )
        .get() as { pairs: number; prompts: number; labelled: number; runs: number },
  };
}
