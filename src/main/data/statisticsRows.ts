/** What statistics read of a project: pairs with the lengths of their replies, what stands on them, who decided when. */
import type { Database } from './database.ts';
import type { StandingRow } from './exportRows.ts';

export interface MeasuredPair {
  readonly id: number;
  readonly source: string;
  readonly aspect: string | null;
  /** In characters. */
  readonly aLength: number;
  readonly bLength: number;
  readonly standing: readonly StandingRow[];
}

interface StandingAt extends StandingRow {
  readonly pairId: number;
}

/** Every pair in order, each with what stands on it, people before files. */
export function* measuredPairs(database: Database): Generator<MeasuredPair> {
  const pairs = database.prepare<[], Omit<MeasuredPair, 'standing'>>(`
    SELECT pairs.id, sources.name AS source, pairs.aspect,
      length(a.text) AS aLength, length(b.text) AS bLength
    FROM pairs JOIN sources ON sources.id = pairs.source_id
    JOIN responses AS a ON a.id = pairs.a_id JOIN responses AS b ON b.id = pairs.b_id
    ORDER BY pairs.id`);
  const rows = database
    .prepare<[], StandingAt>(`
      SELECT standing.pair_id AS pairId, annotators.name AS annotator, annotators.kind, standing.decision,
        annotations.left_key AS left
      FROM standing JOIN annotators ON annotators.id = standing.annotator_id
      JOIN annotations ON annotations.id = standing.annotation_id ORDER BY standing.pair_id`)
    .iterate();
  try {
    let row = rows.next();
    for (const pair of pairs.iterate()) {
      const standing: StandingRow[] = [];
      while (!row.done && row.value.pairId <= pair.id) {
        if (row.value.pairId === pair.id) standing.push(row.value);
        row = rows.next();
      }
      standing.sort((x, y) =>
        x.kind === y.kind ? (x.annotator < y.annotator ? -1 : 1) : x.kind === 'person' ? -1 : 1,
      );
      yield { ...pair, standing };
    }
  } finally {
    rows.return?.();
  }
}

export interface DayCount {
  /** As the clock of this machine has it: 2026-11-27. */
  readonly day: string;
  readonly annotator: string;
  readonly count: number;
}

export function statisticsTable(database: Database) {
  const size = database.prepare<[], { pairs: number; prompts: number }>(
    'SELECT count(*) AS pairs, count(DISTINCT prompt_id) AS prompts FROM pairs',
  );
  const days = database.prepare<[], DayCount>(`
    SELECT date(created_at, 'localtime') AS day, annotators.name AS annotator, count(*) AS count
    FROM annotations JOIN annotators ON annotators.id = annotations.annotator_id
    WHERE annotators.kind = 'person' AND action = 'decide' AND decision <> 'retracted'
    GROUP BY day, annotators.id ORDER BY day, annotator`);
  const durations = database.prepare<[], { annotator: string; ms: number }>(`
    SELECT annotators.name AS annotator, duration_ms AS ms
    FROM annotations JOIN annotators ON annotators.id = annotations.annotator_id
    WHERE annotators.kind = 'person' AND action = 'decide' AND duration_ms IS NOT NULL`);
  const previews = database
    .prepare<[{ step: number; most: number }], string>(
      'SELECT preview FROM prompts WHERE id % @step = 0 ORDER BY id LIMIT @most',
    )
    .pluck();
  return {
    size: () => size.get() as { pairs: number; prompts: number },
    days: () => days.all(),
    durations: () => durations.iterate(),
    /** How prompts begin: at most so many, spread over all of them. */
    previews: (prompts: number, most: number) =>
      previews.all({ step: Math.max(1, Math.ceil(prompts / most)), most }),
  };
}
