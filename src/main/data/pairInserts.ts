import type { Verdict } from '#core/preference.ts';
import type { ReplyTurns } from '#core/replyTurns.ts';
import type { Database } from './database.ts';
import type { NewSource } from './pairWriter.ts';
import { ROWS_AT_ONCE, RowBuffer } from './RowBuffer.ts';

interface GivenVerdict {
  readonly pairId: number;
  readonly annotatorId: number;
  readonly decision: Verdict;
  readonly strength: number | null;
  readonly at: string;
}

/** Inserts the rows of pairs, and gives the ids: those that follow on what is there. They are written at `flushRows`. */
export function pairInserts(database: Database) {
  const counter = (table: string): (() => number) => {
    let last = database
      .prepare<[], number>(`SELECT coalesce(max(id), 0) FROM ${table}`)
      .pluck()
      .get() as number;
    return () => {
      last += 1;
      return last;
    };
  };
  const nextPrompt = counter('stored_prompts');
  const nextResponse = counter('responses');
  const nextPair = counter('stored_pairs');
  const prompts = new RowBuffer<[number, string, string]>(database, 'stored_prompts', [
    'id',
    'messages',
    'preview',
  ]);
  const responses = new RowBuffer<[number, number, string]>(database, 'responses', [
    'id',
    'prompt_id',
    'text',
  ]);
  const longReplies = new RowBuffer<[number, number, string, string]>(database, 'responses', [
    'id',
    'prompt_id',
    'text',
    'turns',
  ]);
  const pairs = new RowBuffer<[number, number, number, number, number, string | null, number]>(
    database,
    'stored_pairs',
    ['id', 'source_id', 'prompt_id', 'a_id', 'b_id', 'aspect', 'source_row'],
  );
  // People's verdicts come in between: these ids are the table's own. A number holds a pair's id and its label.
  const labels = database.prepare<[number, string, string]>(
    `INSERT INTO annotations (pair_id, annotator_id, decision, created_at)
     SELECT value >> 1, ?, CASE value & 1 WHEN 0 THEN 'a' ELSE 'b' END, ? FROM json_each(?)`,
  );
  // Hidden pairs have no trigger that does it; see the migration.
  const stand = database.prepare<[number, number, number]>(
    `INSERT INTO standing (pair_id, annotator_id, annotation_id, decision)
     SELECT pair_id, annotator_id, id, decision FROM annotations
     WHERE id > ? - ? AND annotator_id = ?
     ON CONFLICT DO NOTHING`,
  );
  const details = new RowBuffer<[number, string | null, string | null]>(database, 'pair_details', [
    'pair_id',
    'item_id',
    'metadata',
  ]);
  // The label of one of several people, or one that is no preference: few enough for a statement each.
  const verdict = database
    .prepare<[GivenVerdict], number>(
      `INSERT INTO annotations (pair_id, annotator_id, decision, strength, created_at, supersedes_id)
       SELECT @pairId, @annotatorId, @decision, @strength, @at,
         (SELECT annotation_id FROM standing WHERE pair_id = @pairId AND annotator_id = @annotatorId)
       RETURNING id`,
    )
    .pluck();
  const standOne = database.prepare<[Omit<GivenVerdict, 'strength' | 'at'> & { annotationId: number }]>(
    `INSERT INTO standing (pair_id, annotator_id, annotation_id, decision, person)
     SELECT @pairId, id, @annotationId, @decision, nullif(kind = 'person', 0) FROM annotators WHERE id = @annotatorId
     ON CONFLICT DO NOTHING`,
  );
  const countPairs = database.prepare<[number, number]>(
    'UPDATE stored_sources SET pairs = pairs + ? WHERE id = ?',
  );
  const countPrompts = database.prepare<[number]>('UPDATE visible SET prompts = prompts + ?');
  const uncounted = new Map<number, number>();
  let uncountedPrompts = 0;
  let unwritten: number[] = [];
  const unwrittenLabels = new Map<number, 'a' | 'b'>();
  const findSource = database
    .prepare<[string, string], number>('SELECT id FROM stored_sources WHERE name = ? AND file = ?')
    .pluck();
  const addSource = database
    .prepare<[string, string, string, string], number>(
      'INSERT INTO stored_sources (name, file, format, imported_at) VALUES (?, ?, ?, ?) RETURNING id',
    )
    .pluck();
  /** Those that others refer to come first. */
  const flushRows = (): void => {
    for (const rows of [prompts, responses, longReplies, pairs, details]) rows.flush();
  };
  return {
    /** The id that the next pair will get, or more. */
    nextPairId: (): number =>
      1 +
      (database.prepare<[], number>('SELECT coalesce(max(id), 0) FROM stored_pairs').pluck().get() as number),
    source: ({ name, file, format }: NewSource, at: string): number =>
      findSource.get(name, file) ?? (addSource.get(name, file, format, at) as number),
    prompt: (messages: string, preview: string): number => {
      const id = nextPrompt();
      uncountedPrompts += 1;
      prompts.add(id, messages, preview);
      return id;
    },
    response: (promptId: number, words: string, turns: ReplyTurns | undefined): number => {
      const id = nextResponse();
      if (turns) longReplies.add(id, promptId, words, JSON.stringify(turns));
      else responses.add(id, promptId, words);
      return id;
    },
    pair: (
      sourceId: number,
      promptId: number,
      aId: number,
      bId: number,
      aspect: string | null,
      row: number,
    ): number => {
      const id = nextPair();
      uncounted.set(sourceId, (uncounted.get(sourceId) ?? 0) + 1);
      pairs.add(id, sourceId, promptId, aId, bId, aspect, row);
      if (pairs.rows >= ROWS_AT_ONCE) flushRows();
      return id;
    },
    details: (pairId: number, itemId: string | null, metadata: string | null): void => {
      details.add(pairId, itemId, metadata);
    },
    /** To be called before stored rows are read, and at the end of each transaction. */
    flushRows,
    /** To be called in the transaction that lets everybody see what was added. */
    countAdded: (): void => {
      for (const [sourceId, added] of uncounted) countPairs.run(added, sourceId);
      countPrompts.run(uncountedPrompts);
      uncounted.clear();
      uncountedPrompts = 0;
    },
    verdict: (given: GivenVerdict): void => {
      const { pairId, annotatorId, decision } = given;
      const annotationId = verdict.get(given) as number;
      standOne.run({ pairId, annotatorId, annotationId, decision });
    },
    label: (pairId: number, decision: 'a' | 'b'): void => {
      unwritten.push(2 * pairId + (decision === 'a' ? 0 : 1));
      unwrittenLabels.set(pairId, decision);
    },
    unwrittenLabel: (pairId: number): 'a' | 'b' | undefined => unwrittenLabels.get(pairId),
    flushLabels: (annotatorId: number, at: string): void => {
      if (unwritten.length === 0) return;
      const { lastInsertRowid } = labels.run(annotatorId, at, JSON.stringify(unwritten));
      stand.run(Number(lastInsertRowid), unwritten.length, annotatorId);
      unwritten = [];
      unwrittenLabels.clear();
    },
  };
}
