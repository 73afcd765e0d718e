import type { Verdict } from '#core/preference.ts';
import type { Stated } from '#shared/adjudicationEntities.ts';
import { attributeColumns, readAttributes, type StoredAttributes } from './attributes.ts';
import type { Database } from './database.ts';

/** Pairs in use on which people's labels differ, or that somebody has settled. */
export interface Disputes {
  readonly pairIds: Uint32Array<ArrayBuffer>;
  /** Beside each: 1 where a decision that settles it stands. */
  readonly settled: Uint8Array<ArrayBuffer>;
}

const SETTLES =
  'EXISTS (SELECT 1 FROM adjudications WHERE adjudications.annotation_id = standing.annotation_id)';

/** Reads every label of a person: for the process that reads. */
export function readDisputes(database: Database): Disputes {
  const rows = database
    .prepare<[], [number, 0 | 1]>(
      `SELECT pair_id, max(${SETTLES}) AS settled FROM standing
       WHERE person = 1 AND decision <> 'skip' AND pair_id IN (SELECT id FROM pairs)
       GROUP BY pair_id HAVING settled = 1 OR count(DISTINCT decision) > 1 ORDER BY pair_id`,
    )
    .raw()
    .all();
  return {
    pairIds: Uint32Array.from(rows, ([id]) => id),
    settled: Uint8Array.from(rows, ([, settled]) => settled),
  };
}

type Row = Omit<Stated, 'attributes'> & StoredAttributes & { readonly settles: 0 | 1 };

export function adjudicationTable(database: Database) {
  const mark = database.prepare<[string]>(
    'INSERT INTO adjudications (annotation_id) SELECT id FROM annotations WHERE request_id = ?',
  );
  const stated = database.prepare<[number], Row>(
    `SELECT annotators.name AS annotator, standing.decision AS verdict, annotations.created_at AS at,
       ${attributeColumns('annotations')}, ${SETTLES} AS settles
     FROM standing JOIN annotators ON annotators.id = standing.annotator_id
     JOIN annotations ON annotations.id = standing.annotation_id
     WHERE standing.pair_id = ? AND annotators.kind = 'person' AND standing.decision <> 'skip'
     ORDER BY annotators.name`,
  );
  const open = database
    .prepare<[number], 0 | 1>(
      `SELECT coalesce(max(${SETTLES}) = 0 AND count(DISTINCT decision) > 1, 0) FROM standing
       WHERE pair_id = ? AND person = 1 AND decision <> 'skip'`,
    )
    .pluck();
  const others = database
    .prepare<[number, number, string], 0 | 1>(
      `SELECT EXISTS (SELECT 1 FROM standing WHERE pair_id = ? AND annotator_id <> ? AND person = 1
         AND decision NOT IN ('skip', ?))`,
    )
    .pluck();
  return {
    /** Whether somebody else says something other than that of a pair. */
    othersDiffer: (pairId: number, annotatorId: number, verdict: Verdict): boolean =>
      others.get(pairId, annotatorId, verdict) === 1,
    /** What was just decided under that request settles its pair. */
    mark: (requestId: string): void => void mark.run(requestId),
    /** What people say of a pair, and of those the decision that settles it. */
    on: (pairId: number): { readonly stated: Stated[]; readonly decision: Stated | null } => {
      const rows = stated.all(pairId);
      const plain = (row: Row): Stated => ({
        annotator: row.annotator,
        verdict: row.verdict,
        at: row.at,
        attributes: readAttributes(row),
      });
      const settling = rows.find(({ settles }) => settles === 1);
      return {
        stated: rows.filter(({ settles }) => settles === 0).map(plain),
        decision: settling === undefined ? null : plain(settling),
      };
    },
    /** Whether people differ on a pair and nobody has settled it. */
    isOpen: (pairId: number): boolean => open.get(pairId) === 1,
  };
}
