/** Pairs of a code's prompts, what they are about, and what people call the code. */
import type { Database } from './database.ts';

export interface CodeName {
  readonly code: number;
  readonly name: string;
  readonly note: string;
}
interface Labelled {
  readonly pairId: number;
  readonly chosen: string;
  readonly rejected: string;
}

/** Pairs whose replies are read for their words: more would tell little more. */
const MOST_READ = 1000;
/** As many as one change of pairs takes. */
const MOST_PAIRS = 100_000;

export function codePairs(database: Database) {
  const pairs = database
    .prepare<[string, number], number>(
      `SELECT pairs.id FROM pairs WHERE pairs.prompt_id IN (SELECT value FROM json_each(?))
       ORDER BY pairs.id LIMIT ?`,
    )
    .pluck();
  const aspects = database.prepare<[string], { aspect: string; pairs: number }>(
    `SELECT aspect, count(*) AS pairs FROM pairs
     WHERE aspect IS NOT NULL AND prompt_id IN (SELECT value FROM json_each(?))
     GROUP BY aspect ORDER BY pairs DESC, aspect LIMIT 12`,
  );
  // What people decided; the file's label where nobody has.
  const labelled = database.prepare<[string, number], Labelled>(
    `SELECT pairs.id AS pairId,
       iif(standing.decision = 'a', a.text, b.text) AS chosen,
       iif(standing.decision = 'a', b.text, a.text) AS rejected
     FROM pairs
     JOIN standing ON standing.pair_id = pairs.id AND standing.annotation_id = (
       SELECT max(other.annotation_id) FROM standing AS other
       JOIN annotators ON annotators.id = other.annotator_id
       WHERE other.pair_id = pairs.id AND other.decision IN ('a', 'b')
         AND annotators.kind = iif(EXISTS (SELECT 1 FROM standing AS own JOIN annotators AS people
           ON people.id = own.annotator_id WHERE own.pair_id = pairs.id AND people.kind = 'person'
           AND own.decision IN ('a', 'b')), 'person', 'import'))
     JOIN responses AS a ON a.id = pairs.a_id
     JOIN responses AS b ON b.id = pairs.b_id
     WHERE pairs.prompt_id IN (SELECT value FROM json_each(?))
     ORDER BY pairs.id LIMIT ?`,
  );
  const names = database.prepare<[number], CodeName>(
    'SELECT code, name, note FROM code_names WHERE run_id = ? ORDER BY code',
  );
  const setName = database.prepare<[number, number, string, string]>(
    `INSERT INTO code_names (run_id, code, name, note) VALUES (?, ?, ?, ?)
     ON CONFLICT (run_id, code) DO UPDATE SET name = excluded.name, note = excluded.note`,
  );
  const list = (promptIds: readonly number[]): string => JSON.stringify(promptIds);
  return {
    ids: (promptIds: readonly number[]): number[] => pairs.all(list(promptIds), MOST_PAIRS),
    aspects: (promptIds: readonly number[]) => aspects.all(list(promptIds)),
    labelled: (promptIds: readonly number[]): Labelled[] => labelled.all(list(promptIds), MOST_READ),
    names: (runId: number): CodeName[] => names.all(runId),
    setName: (runId: number, { code, name, note }: CodeName): void => {
      setName.run(runId, code, name, note);
    },
  };
}
