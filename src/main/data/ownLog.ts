import type { Decision } from '#core/preference.ts';
import { type StoredAttributes, storedAttributes } from './attributes.ts';
import type { Database } from './database.ts';
import type { HistoryRow, RankingPart } from './exportRows.ts';
import { hashBytes, hashOfHex } from './hashes.ts';
import type { Annotator, StoredVerdict } from './pairIdentity.ts';

/** Decisions on a pair that another project made. */
export interface OwnLog {
  readonly pairId: number;
  readonly history: readonly HistoryRow[];
}

/** What stands after all decisions: of each annotator the last, unless that took all of them back. */
export function standingOf(history: readonly HistoryRow[]): StoredVerdict[] {
  const last = new Map<string, HistoryRow>();
  for (const row of history) if (row.repeats === undefined) last.set(`${row.kind} ${row.annotator}`, row);
  return [...last.values()].flatMap(({ annotator, kind, decision }) =>
    decision === 'retracted' ? [] : [{ annotator, kind, verdict: decision }],
  );
}

interface LogRow extends StoredAttributes {
  readonly pairId: number;
  readonly annotatorId: number;
  readonly action: string;
  readonly decision: Decision;
  readonly left: string | null;
  readonly durationMs: number | null;
  readonly restoresId: number | null;
  readonly at: string;
  readonly guidelinesId: number | null;
  readonly repeatsId: number | null;
}

/** Appends decisions in the order in which they were made, with what undo and redo need of them. */
export function writeLogs(
  database: Database,
  logs: readonly OwnLog[],
  annotatorId: (by: Annotator) => number,
  guidelineIds: ReadonlyMap<number, number>,
): void {
  const append = database.prepare<[LogRow]>(
    `INSERT INTO annotations (pair_id, annotator_id, action, decision, left_key, duration_ms, restores_id,
       created_at, strength, confidence, rationale, flag, aspects, guidelines_id, repeats_id, supersedes_id)
     VALUES (@pairId, @annotatorId, @action, @decision, @left, @durationMs, @restoresId, @at, @strength,
       @confidence, @rationale, @flag, @aspects, @guidelinesId, @repeatsId, CASE WHEN @repeatsId IS NULL THEN (
       SELECT id FROM annotations WHERE pair_id = @pairId AND annotator_id = @annotatorId AND repeats_id IS NULL
       ORDER BY id DESC LIMIT 1) END)`,
  );
  const push = database.prepare<[number, number, number | null]>(
    'INSERT INTO steps (annotation_id, annotator_id, below_id) VALUES (?, ?, ?)',
  );
  // Whoever has decided here before goes on from there.
  const stand = database.prepare<[number, number]>(
    'UPDATE annotators SET step_id = ? WHERE id = ? AND step_id IS NULL',
  );
  const settle = database.prepare<[number]>('INSERT INTO adjudications (annotation_id) VALUES (?)');
  // On the sides on which a pair was decided it is shown again.
  const show = database.prepare<[number, number, string, string]>(
    `INSERT INTO showings (pair_id, annotator_id, left_key, shown_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const rankings = rankingLog(database);
  const ids = new Map<number, number>();
  const current: [number, number][] = [];
  const rows = logs
    .flatMap(({ pairId, history }) => history.map((row) => ({ ...row, pairId })))
    .sort((x, y) => x.seq - y.seq);
  for (const row of rows) {
    const by = annotatorId(row);
    const { pairId, action, decision, left, durationMs, strength, at } = row;
    const { confidence = null, rationale = null, flag = null, aspects = {} } = row;
    const attributes = storedAttributes({ strength, confidence, rationale, flag, aspects });
    const restoresId = row.restores === null ? null : (ids.get(row.restores) ?? null);
    const repeatsId = row.repeats === undefined ? null : (ids.get(row.repeats) ?? null);
    // Without its first verdict it would be taken for one.
    if (row.repeats !== undefined && repeatsId === null) continue;
    const entry = {
      ...attributes,
      pairId,
      annotatorId: by,
      action,
      decision,
      left,
      durationMs,
      restoresId,
      at,
      guidelinesId: row.guidelines === undefined ? null : (guidelineIds.get(row.guidelines) ?? null),
      repeatsId,
    };
    const id = Number(append.run(entry).lastInsertRowid);
    ids.set(row.seq, id);
    if (row.settles === 1) settle.run(id);
    if (row.ranking) rankings.note(row.ranking, id, pairId);
    if (left !== null && row.kind === 'person' && repeatsId === null) show.run(pairId, by, left, at);
    if (row.isStep === 1) push.run(id, by, row.below === null ? null : (ids.get(row.below) ?? null));
    if (row.isCurrent === 1) current.push([id, by]);
  }
  for (const [id, by] of current) stand.run(id, by);
  rankings.write(ids);
}

interface NotedRanking {
  readonly set: string;
  readonly annotationIds: number[];
  /** By reply; null where the whole set was skipped or found bad. */
  readonly ranks: Record<string, number> | null;
}
/** Puts the decisions of a ranking together again. One whose first decision or set is not there stays as its pairs. */
function rankingLog(database: Database) {
  const setId = database.prepare<[Buffer], number>('SELECT id FROM reply_sets WHERE hash = ?').pluck();
  const replies = database.prepare<[number], { a: number; b: number }>(
    'SELECT a_id AS a, b_id AS b FROM stored_pairs WHERE id = ?',
  );
  const add = database.prepare<[number, number, string | null]>(
    'INSERT INTO rankings (annotation_id, set_id, ranks) VALUES (?, ?, ?)',
  );
  const join = database.prepare<[number, number]>(
    'INSERT INTO ranked_pairs (annotation_id, ranking_id) VALUES (?, ?)',
  );
  const noted = new Map<number, NotedRanking>();
  return {
    note({ lead, set, ranks }: RankingPart, annotationId: number, pairId: number): void {
      const known = noted.get(lead) ?? { set, annotationIds: [], ranks: ranks && {} };
      noted.set(lead, known);
      known.annotationIds.push(annotationId);
      if (!ranks || !known.ranks) return;
      const { a, b } = replies.get(pairId) as { a: number; b: number };
      [known.ranks[a], known.ranks[b]] = ranks;
    },
    /** `ids` by the places in the other project's log. */
    write(ids: ReadonlyMap<number, number>): void {
      for (const [lead, { set, annotationIds, ranks }] of noted) {
        const [leadId, id] = [ids.get(lead), setId.get(hashBytes(hashOfHex(set)))];
        if (leadId === undefined || id === undefined) continue;
        add.run(leadId, id, ranks && JSON.stringify(ranks));
        for (const annotationId of annotationIds) join.run(annotationId, leadId);
      }
    },
  };
}
