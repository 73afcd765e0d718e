import type { Message } from '#core/preference.ts';
import type { Database } from './database.ts';
import { readStoredMessages } from './storedMessages.ts';

export interface StoredPrompt {
  readonly id: number;
  readonly messages: readonly Message[];
}

/** Prompts that can be read, of pairs from some sources, or from all of them, in order of their ids. */
export function promptsOf(database: Database, sourceIds: readonly number[] | null): StoredPrompt[] {
  return database
    .prepare<[{ ids: string | null }], { id: number; messages: string }>(
      `SELECT prompts.id, prompts.messages FROM prompts WHERE EXISTS (
         SELECT 1 FROM pairs WHERE pairs.prompt_id = prompts.id
           AND (@ids IS NULL OR pairs.source_id IN (SELECT value FROM json_each(@ids))))
       ORDER BY prompts.id`,
    )
    .all({ ids: sourceIds && JSON.stringify(sourceIds) })
    .flatMap(({ id, messages }) => {
      const stored = readStoredMessages(messages);
      return stored.ok ? [{ id, messages: stored.messages }] : [];
    });
}
