/** What stands on pairs, for whoever compares people: only pairs that somebody labelled are read. */
import type { ReplyKey, Verdict } from '#core/preference.ts';
import type { AspectAnswer } from '#core/verdictAttributes.ts';
import type { RaterChoice } from '#shared/agreementEntities.ts';
import type { Database } from './database.ts';
import { IMPORT_ANNOTATOR } from './pairIdentity.ts';

export interface Rating {
  /** Place among the raters. */
  readonly rater: number;
  readonly verdict: Verdict;
  readonly left: ReplyKey | null;
  readonly strength: number | null;
  readonly aspects: Readonly<Record<string, AspectAnswer>>;
}
export interface RatedPair {
  readonly pairId: number;
  readonly promptId: number;
  readonly source: string;
  readonly aspect: string | null;
  /** In characters. */
  readonly aLength: number;
  readonly bLength: number;
  readonly ratings: readonly Rating[];
}
export interface Rater {
  readonly id: number;
  readonly name: string;
  readonly kind: 'person' | 'import';
}

/** Everybody of a choice whose verdict stands somewhere; labels of files that name nobody are nobody's. */
export function ratersOf(database: Database, choice: RaterChoice): Rater[] {
  const kinds = { people: ['person'], files: ['import'], all: ['person', 'import'] }[choice];
  return database
    .prepare<[{ kinds: string; unnamed: string }], Rater>(
      `SELECT id, name, kind FROM annotators
       WHERE kind IN (SELECT value FROM json_each(@kinds)) AND NOT (kind = 'import' AND name = @unnamed)
         AND EXISTS (SELECT 1 FROM standing WHERE annotator_id = annotators.id)
       ORDER BY kind DESC, name`,
    )
    .all({ kinds: JSON.stringify(kinds), unnamed: IMPORT_ANNOTATOR });
}

interface Row {
  readonly pairId: number;
  readonly annotatorId: number;
  readonly verdict: Verdict;
  readonly left: ReplyKey | null;
  readonly strength: number | null;
  readonly aspects: string | null;
}

/** Pairs in use that one of the raters labelled, in order. */
export function* ratedPairs(database: Database, raters: readonly Rater[]): Generator<RatedPair> {
  const places = new Map(raters.map(({ id }, place) => [id, place]));
  const pair = database.prepare<[number], Omit<RatedPair, 'ratings'>>(
    `SELECT pairs.id AS pairId, pairs.prompt_id AS promptId, sources.name AS source, pairs.aspect,
       length(a.text) AS aLength, length(b.text) AS bLength
     FROM pairs JOIN sources ON sources.id = pairs.source_id
     JOIN responses AS a ON a.id = pairs.a_id JOIN responses AS b ON b.id = pairs.b_id WHERE pairs.id = ?`,
  );
  const rows = database
    .prepare<[string], Row>(
      `SELECT standing.pair_id AS pairId, standing.annotator_id AS annotatorId, standing.decision AS verdict,
         annotations.left_key AS left, annotations.strength, annotations.aspects
       FROM standing JOIN annotations ON annotations.id = standing.annotation_id
       WHERE standing.annotator_id IN (SELECT value FROM json_each(?)) ORDER BY standing.pair_id`,
    )
    .iterate(JSON.stringify([...places.keys()]));
  let current: number | null = null;
  let ratings: Rating[] = [];
  function* whole(): Generator<RatedPair> {
    const found = current === null ? undefined : pair.get(current);
    if (found) yield { ...found, ratings };
  }
  for (const { pairId, annotatorId, aspects, ...row } of rows) {
    if (pairId !== current) {
      yield* whole();
      current = pairId;
      ratings = [];
    }
    ratings.push({
      ...row,
      rater: places.get(annotatorId) as number,
      aspects: aspects === null ? {} : (JSON.parse(aspects) as Rating['aspects']),
    });
  }
  yield* whole();
}

export function countRated(database: Database, raters: readonly Rater[]): number {
  return database
    .prepare<[string], number>(
      `SELECT count(DISTINCT pair_id) FROM standing
       WHERE annotator_id IN (SELECT value FROM json_each(?))`,
    )
    .pluck()
    .get(JSON.stringify(raters.map(({ id }) => id))) as number;
}

/** The strongest code of each prompt by a run's latest checkpoint whose codes are stored. */
export function topCodes(database: Database, runId: number): Map<number, number> {
  const rows = database.prepare<[{ runId: number }], [number, number]>(
    `SELECT prompt_id, top_code FROM code_activations WHERE run_id = @runId AND step = (
       SELECT max(step) FROM checkpoint_figures WHERE run_id = @runId AND prompts > 0)`,
  );
  return new Map(rows.raw().all({ runId }));
}
