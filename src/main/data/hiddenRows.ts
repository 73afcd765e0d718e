import { FacetError } from '#core/result.ts';
import type { Database } from './database.ts';
import { removeHiddenHashes } from './pairHashes.ts';
import { inTransaction } from './transaction.ts';

/** What `visible` holds while nothing is hidden. */
const ALL = '9223372036854775807';

interface Limits {
  readonly pair: number;
  readonly prompt: number;
  readonly response: number;
  readonly source: number;
  readonly single: number;
}

/**
 * Rows above the limits in `visible` are an unfinished import's: nobody sees them. `hide` sets the limits at what is
 * there, `show` lifts them in one statement, `removeSome` takes back what a broken-off import had written.
 */
export function hiddenRows(database: Database) {
  const hidden = database
    .prepare<[], number>(`SELECT count(*) FROM visible WHERE last_pair <> ${ALL}`)
    .pluck();
  const hide = database.prepare(
    `UPDATE visible SET
       last_pair = (SELECT coalesce(max(id), 0) FROM stored_pairs),
       last_prompt = (SELECT coalesce(max(id), 0) FROM stored_prompts),
       last_response = (SELECT coalesce(max(id), 0) FROM responses),
       last_source = (SELECT coalesce(max(id), 0) FROM stored_sources),
       last_single = (SELECT coalesce(max(id), 0) FROM stored_singles)`,
  );
  const show = database.prepare(
    `UPDATE visible SET last_pair = ${ALL}, last_prompt = ${ALL}, last_response = ${ALL}, last_source = ${ALL},
       last_single = ${ALL}`,
  );
  const limits = database.prepare<[], Limits>(
    `SELECT last_pair AS pair, last_prompt AS prompt, last_response AS response, last_source AS source,
       last_single AS single
     FROM visible`,
  );
  const last = (table: string) =>
    database.prepare<[], number>(`SELECT coalesce(max(id), 0) FROM ${table}`).pluck();
  const remove = (table: string, id: string) =>
    database.prepare<[number]>(`DELETE FROM ${table} WHERE ${id} > ?`);
  const lastPair = last('stored_pairs');
  const ofPairs = [
    remove('standing', 'pair_id'),
    remove('repeats', 'pair_id'),
    remove('annotations', 'pair_id'),
    remove('pair_details', 'pair_id'),
    remove('set_pairs', 'pair_id'),
    remove('stored_pairs', 'id'),
  ];
  const rest = [
    { last: last('stored_singles'), remove: remove('stored_singles', 'id'), limit: 'single' },
    { last: last('responses'), remove: remove('responses', 'id'), limit: 'response' },
    { last: last('stored_prompts'), remove: remove('stored_prompts', 'id'), limit: 'prompt' },
    { last: last('stored_sources'), remove: remove('stored_sources', 'id'), limit: 'source' },
  ] as const;

  const removeAnnotators = database.prepare(
    `DELETE FROM annotators WHERE kind = 'import'
       AND NOT EXISTS (SELECT 1 FROM standing WHERE standing.annotator_id = annotators.id)`,
  );

  /** Removes up to `rows` rows from the end of one table; false when there is none left. */
  const removeTail = (rows: number): boolean => {
    const { pair, ...others } = limits.get() as Limits;
    if (removeHiddenHashes(database, { pair, prompt: others.prompt }, rows)) return true;
    const end = lastPair.get() as number;
    if (end > pair) {
      for (const statement of ofPairs) statement.run(Math.max(pair, end - rows));
      return true;
    }
    for (const table of rest) {
      const tableEnd = table.last.get() as number;
      const limit = others[table.limit];
      if (tableEnd <= limit) continue;
      table.remove.run(Math.max(limit, tableEnd - rows));
      return true;
    }
    return false;
  };

  return {
    any: (): boolean => hidden.get() === 1,
    hide: (): void => {
      if (hidden.get() === 1) {
        throw new FacetError({
          code: 'import.unfinished-before',
          message: 'What an earlier import had written is still being removed.',
          fix: 'Try again in a moment.',
        });
      }
      hide.run();
    },
    show: (): void => {
      show.run();
    },
    /** One transaction; true when everything is gone and the limits are lifted. */
    removeSome: (rows: number): boolean =>
      inTransaction(database, () => {
        if (hidden.get() === 0) return true;
        if (removeTail(rows)) return false;
        removeAnnotators.run();
        show.run();
        return true;
      }),
  };
}
export type HiddenRows = ReturnType<typeof hiddenRows>;
