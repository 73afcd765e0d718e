import { trainsByFile } from '#core/agreement.ts';
import type { PreferencePair } from '#core/preference.ts';
import { promptKey } from '#core/split.ts';
import type { PairSelection } from '#shared/entities.ts';
import type { Database } from './database.ts';
import { contentHash, hashBytes } from './hashes.ts';
import { countRatedLabels, ratedLabels } from './ratedReplies.ts';
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

/** Whether labels that people give train. */
const trainsByPeople = ({ labels }: PairSelection): boolean => labels !== 'imported';

/** Replies of a selection with a label of their own: as files say, and as people rated them. */
export const countSingles = (database: Database, selection: PairSelection): number =>
  countOfFiles(database, selection) +
  (trainsByPeople(selection) ? countRatedLabels(database, selection.sourceIds) : 0);

const countOfFiles = (database: Database, selection: PairSelection): number =>
  trainsByFile(selection.labels)
    ? (database
        .prepare<[{ ids: string | null }], number>(`SELECT count(*) ${OF_SELECTION}`)
        .pluck()
        .get(idsOf(selection)) as number)
    : 0;

/**
 * The same as training reads them, one at a time, in stable order: those of files, then rated ones. One that cannot be read is left out and
 * told to `onUnreadable`.
 */
export function* labelledSingles(
  database: Database,
  selection: PairSelection,
  onUnreadable: () => void,
): Generator<PreferencePair> {
  yield* singlesOfFiles(database, selection, onUnreadable);
  if (!trainsByPeople(selection)) return;
  for (const rated of ratedLabels(database, { sourceIds: selection.sourceIds })) {
    const stored = readStoredMessages(rated.messages);
    if (!stored.ok) {
      onUnreadable();
      continue;
    }
    yield singlePair({
      ...rated,
      id: `rated-${rated.replyId}`,
      promptId: String(rated.promptId),
      messages: stored.messages,
    });
  }
}

interface ReadSingle extends Pick<PreferencePair, 'id' | 'promptId' | 'source' | 'aspect' | 'messages'> {
  readonly text: string;
  readonly turns: string | null;
  readonly good: boolean;
}

/** A pair of which one side is empty. */
function singlePair({
  id,
  promptId,
  source,
  aspect,
  messages,
  text,
  turns,
  good,
}: ReadSingle): PreferencePair {
  const replyTurns = storedTurns(turns);
  const side = good ? 'chosen' : 'rejected';
  return {
    ...{ id, promptId, source, aspect, messages },
    chosen: good ? text : '',
    rejected: good ? '' : text,
    ...(replyTurns && { [`${side}Turns`]: replyTurns }),
    single: side,
  };
}

/** Prompts of one text have one id, which no pair's prompt has. */
function* singlesOfFiles(
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
    yield singlePair({
      ...{ source, aspect, turns, text: reply, messages: stored.messages, good: desirable === 1 },
      id: `single-${id}`,
      promptId: `text-${hashBytes(contentHash(promptKey(stored.messages))).toString('hex')}`,
    });
  }
}
