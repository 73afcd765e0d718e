import { trainsByFile } from '#core/agreement.ts';
import type { PreferencePair } from '#core/preference.ts';
import { promptKey } from '#core/split.ts';
import type { PairSelection } from '#shared/entities.ts';
import type { Database } from './database.ts';
import { contentHash, hashBytes } from './hashes.ts';
import { readStoredMessages, storedTurns } from './storedMessages.ts';

interface SingleRow {
  readonly id: number;
  readonly source: string;
  readonly messages: string;
  readonly reply: string;
  readonly turns: string | null;
  readonly desirable: 0 | 1;
  readonly aspect: string | null;
}

const OF_SELECTION = `FROM singles JOIN sources ON sources.id = singles.source_id
WHERE @ids IS NULL OR singles.source_id IN (SELECT value FROM json_each(@ids))`;

const idsOf = ({ sourceIds }: PairSelection) => ({ ids: sourceIds && JSON.stringify(sourceIds) });

/** Replies of a selection with a label of their own. They come from files alone: where people's verdicts alone count, there are none. */
export const countSingles = (database: Database, selection: PairSelection): number =>
  trainsByFile(selection.labels)
    ? (database
        .prepare<[{ ids: string | null }], number>(`SELECT count(*) ${OF_SELECTION}`)
        .pluck()
        .get(idsOf(selection)) as number)
    : 0;

/**
 * The same as training reads them, one at a time, in stable order. Prompts of one text have one id, which no pair's prompt has. One that cannot
 * be read is left out and told to `onUnreadable`.
 */
export function* labelledSingles(
  database: Database,
  selection: PairSelection,
  onUnreadable: () => void,
): Generator<PreferencePair> {
  if (!trainsByFile(selection.labels)) return;
  const rows = database.prepare<[{ ids: string | null }], SingleRow>(
    `SELECT singles.id, sources.name AS source, messages, reply, turns, desirable, aspect ${OF_SELECTION} ORDER BY singles.id`,
  );
  for (const { id, source, messages, reply, turns, desirable, aspect } of rows.iterate(idsOf(selection))) {
    const stored = readStoredMessages(messages);
    if (!stored.ok) {
      onUnreadable();
      continue;
    }
    const replyTurns = storedTurns(turns);
    const side = desirable === 1 ? 'chosen' : 'rejected';
    yield {
      id: `single-${id}`,
      promptId: `text-${hashBytes(contentHash(promptKey(stored.messages))).toString('hex')}`,
      source,
      aspect,
      messages: stored.messages,
      chosen: side === 'chosen' ? reply : '',
      rejected: side === 'rejected' ? reply : '',
      ...(replyTurns && { [`${side}Turns`]: replyTurns }),
      single: side,
    };
  }
}
