import type { PairRow } from '#shared/entities.ts';
import type { Sort } from '#shared/library.ts';
import type { Database } from './database.ts';
import { leftOutPairs } from './marks/LeftOut.ts';
import type { PairMarks } from './marks/MarkSets.ts';
import { type Metadata, metadataReader } from './metadata.ts';
import { LAST_VISIBLE, LEAST_INDEXED } from './search/searchTable.ts';
import { factTable, LEAST_MEASURED } from './table/TextFacts.ts';

interface PageBound {
  readonly ids: string;
  readonly annotatorId: number | null;
  readonly blind: 0 | 1;
}
/** For whom rows are read; `blind` hides what others say of a pair that this annotator has yet to decide. */
export interface Viewer {
  readonly annotatorId: number | null;
  readonly blind: boolean;
}
/** The annotator's own standing verdict on a pair. */
export const OWN =
  'SELECT 1 FROM standing WHERE standing.pair_id = pairs.id AND standing.annotator_id = @annotatorId';

/** A row of the table is one line: what is beyond would only travel. */
const SHOWN_CHARACTERS = 400;

/** A skip is no decision: the pair may come back. */
const HIDDEN = "(@blind AND coalesce(own.decision, 'skip') = 'skip')";
/** The rows of the ids that are given, in their order. */
export const PAGE_ROWS = `
WITH page AS MATERIALIZED (
  SELECT key, value AS id FROM json_each(@ids)
), figures AS MATERIALIZED (
  SELECT run_id AS id, step FROM shown_figures
)
SELECT pairs.id, prompts.preview AS prompt,
  substr(a.text, 1, ${SHOWN_CHARACTERS}) AS a, substr(b.text, 1, ${SHOWN_CHARACTERS}) AS b,
  sources.name AS source, pairs.aspect, ${HIDDEN} AS hidden,
  CASE WHEN NOT ${HIDDEN} THEN (
    SELECT standing.decision FROM standing JOIN annotators ON annotators.id = standing.annotator_id
    WHERE standing.pair_id = pairs.id AND annotators.kind = 'import') END AS imported,
  shown.decision AS verdict, person.name AS by,
  (SELECT created_at FROM annotations WHERE id = shown.annotation_id) AS decidedAt,
  CASE WHEN NOT ${HIDDEN} THEN (
    SELECT top_code FROM code_activations
    WHERE run_id = (SELECT id FROM figures) AND step = (SELECT step FROM figures) AND prompt_id = pairs.prompt_id) END AS code,
  CASE WHEN NOT ${HIDDEN} THEN (
    SELECT margin FROM pair_results
    WHERE run_id = (SELECT id FROM figures) AND step = (SELECT step FROM figures) AND pair_id = pairs.id) END AS margin
FROM page
-- CROSS keeps the page outermost: without statistics SQLite would walk every pair to find it.
CROSS JOIN all_pairs AS pairs ON pairs.id = page.id
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
ORDER BY page.key`;

/** How rows are read: in which order, and with which fields of the metadata. */
export interface Look {
  readonly sort?: Sort | null;
  readonly fields?: readonly string[];
  /** With lengths and language. */
  readonly measures?: boolean;
}
/** A row without what people marked. */
type BareRow = Omit<PairRow, 'tags' | 'measures' | keyof PairMarks>;

export function pageReader(database: Database) {
  const page = database.prepare<[PageBound], Omit<BareRow, 'hidden' | 'fields'> & { readonly hidden: 0 | 1 }>(
    PAGE_ROWS,
  );
  const metadata = metadataReader(database);
  return (ids: readonly number[], { annotatorId, blind }: Viewer, fields: readonly string[]): BareRow[] =>
    page.all({ ids: JSON.stringify(ids), annotatorId, blind: blind ? 1 : 0 }).map((row) => ({
      ...row,
      hidden: row.hidden === 1,
      fields: fields.length === 0 || row.hidden === 1 ? {} : chosen(metadata(row.id)?.metadata ?? {}, fields),
    }));
}

const chosen = (metadata: Metadata, names: readonly string[]): Metadata =>
  Object.fromEntries(
    names.flatMap((name) => (Object.hasOwn(metadata, name) ? [[name, metadata[name]]] : [])),
  );

/** All that can be seen, those that are left out with them. */
export const COUNT_PAIRS =
  'SELECT (SELECT coalesce(sum(pairs), 0) FROM sources) - (SELECT count(*) FROM set_aside)';

interface Sizes {
  readonly state: string;
  readonly pairs: number;
  readonly prompts: number;
}

/** What a project holds, in numbers. */
export function pairTotals(database: Database) {
  const lastIndexed = database
    .prepare<[], number>('SELECT coalesce(max(last_pair), 0) FROM search_segments')
    .pluck();
  const lastVisible = database.prepare<[], number>(LAST_VISIBLE).pluck();
  const counted = database.prepare<[], { labelled: number; runs: number }>(
    `SELECT (SELECT count(*) FROM runs WHERE NOT deleted) AS runs,
       (SELECT count(DISTINCT pair_id) FROM standing WHERE person = 1 AND decision <> 'skip' AND annotator_id IN
         (SELECT id FROM annotators WHERE kind = 'person')) AS labelled`,
  );
  const state = database
    .prepare<[], string>(
      `SELECT concat_ws(':', (${LAST_VISIBLE}), (SELECT count(*) FROM set_aside),
         (SELECT max(id) FROM prompts), (SELECT max(id) FROM sources))`,
    )
    .pluck();
  const sizesOf = database.prepare<[], { pairs: number; prompts: number }>(
    `SELECT (${COUNT_PAIRS}) AS pairs, coalesce((SELECT prompts FROM visible), 0) AS prompts`,
  );
  const leftOut = leftOutPairs(database);
  const facts = factTable(database);
  let known: Sizes | null = null;
  const sizes = (): Sizes => {
    const now = state.get() as string;
    if (known?.state !== now) {
      known = {
        state: now,
        ...(sizesOf.get() as { pairs: number; prompts: number }),
      };
    }
    return known;
  };
  return {
    /** Changes when pairs come, are seen, are set aside or left out. */
    state: (): string => `${state.get()}:${leftOut.version()}`,
    /** Whether enough pairs were not measured yet. */
    isMeasuringBehind: (): boolean => (lastVisible.get() as number) - facts.measuredTo() >= LEAST_MEASURED,
    /** Whether enough pairs are in no segment of the search yet. */
    isIndexBehind: (): boolean =>
      (lastVisible.get() as number) - (lastIndexed.get() as number) >= LEAST_INDEXED,
    totals: (): { pairs: number; prompts: number; labelled: number; runs: number } => {
      const { pairs, prompts } = sizes();
      return {
        pairs: pairs - leftOut.count(),
        prompts,
        ...(counted.get() as { labelled: number; runs: number }),
      };
    },
  };
}
