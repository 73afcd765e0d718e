import type { SetAsidePair } from '#shared/entities.ts';
import type { Database } from './database.ts';
import { readStoredMessages, type UnreadablePair } from './storedMessages.ts';
import { inTransaction } from './transaction.ts';

/** Pairs that cannot be read. They are in no queue, table or training, and stay in the file. */
export function setAsideTable(database: Database) {
  const add = database.prepare<[UnreadablePair & { at: string }]>(
    `INSERT INTO set_aside (pair_id, reason, found_at) VALUES (@pairId, @reason, @at)
     ON CONFLICT (pair_id) DO UPDATE SET reason = excluded.reason`,
  );
  const list = database.prepare<[], SetAsidePair>(
    `SELECT set_aside.pair_id AS pairId, set_aside.reason, sources.name AS source, sources.file,
       stored_pairs.source_row AS row
     FROM set_aside JOIN stored_pairs ON stored_pairs.id = set_aside.pair_id
     JOIN sources ON sources.id = stored_pairs.source_id
     WHERE set_aside.removed = 0 ORDER BY set_aside.pair_id`,
  );
  const count = database.prepare<[], number>('SELECT count(*) FROM set_aside WHERE removed = 0').pluck();
  const reason = database.prepare<[number], string>('SELECT reason FROM set_aside WHERE pair_id = ?').pluck();
  const remove = database.prepare<[number]>('UPDATE set_aside SET removed = 1 WHERE pair_id = ?');
  const texts = database.prepare<[], { pairId: number; messages: string }>(
    `SELECT set_aside.pair_id AS pairId, stored_prompts.messages FROM set_aside
     JOIN stored_pairs ON stored_pairs.id = set_aside.pair_id
     JOIN stored_prompts ON stored_prompts.id = stored_pairs.prompt_id WHERE set_aside.removed = 0`,
  );
  const takeBack = database.prepare<[number]>('DELETE FROM set_aside WHERE pair_id = ?');
  return {
    put: (pairs: readonly UnreadablePair[], at: string): void => {
      for (const { pairId, reason: why } of pairs) add.run({ pairId, reason: why, at });
    },
    list: (): SetAsidePair[] => list.all(),
    count: (): number => count.get() as number,
    reasonOf: (pairId: number): string | null => reason.get(pairId) ?? null,
    remove: (pairIds: readonly number[]): void => {
      inTransaction(database, () => {
        for (const pairId of pairIds) remove.run(pairId);
      });
    },
    /** Takes back what this version can read after all. */
    recheck: (): void => {
      for (const { pairId, messages } of texts.all()) {
        if (readStoredMessages(messages).ok) takeBack.run(pairId);
      }
    },
  };
}
