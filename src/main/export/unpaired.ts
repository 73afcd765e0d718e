/** TRL's unpaired preferences: a prompt, one reply and whether it is good. From people's ratings, then from what files say. */
import type { Message } from '#core/preference.ts';
import { messagesOfReply } from '#core/replyTurns.ts';
import { promptKey } from '#core/split.ts';
import type { DataExport } from '#shared/dataEntities.ts';
import type { Database } from '../data/database.ts';
import { exportedSingles, type PairId } from '../data/exportRows.ts';
import { ratedLabels } from '../data/ratedReplies.ts';
import { readStoredMessages, storedTurns } from '../data/storedMessages.ts';
import { type ExportRow, forTemplates, heldPart } from './shapeParts.ts';

export interface UnpairedRow {
  /** What its prompt says: all rows of one prompt are on one side of a split. */
  readonly key: string;
  readonly row: ExportRow;
  /** Whether any message is more than role and text. */
  readonly hasParts: boolean;
}
interface Said {
  readonly messages: string;
  readonly text: string;
  readonly turns: string | null;
  readonly label: boolean;
  readonly beside: ExportRow;
}

function shaped({ messages, text, turns, label, beside }: Said): UnpairedRow | null {
  const stored = readStoredMessages(messages);
  if (!stored.ok) return null;
  const completion = messagesOfReply(text, storedTurns(turns));
  const tools = stored.messages[0]?.tools;
  const plain = (some: readonly Message[]) => some.map(forTemplates);
  return {
    key: promptKey(stored.messages),
    row: {
      prompt: plain(stored.messages),
      completion: plain(completion),
      label,
      ...(tools && { tools }),
      ...beside,
    },
    hasParts: heldPart([...stored.messages, ...completion]) !== null,
  };
}

/** Ratings of replies of the chosen pairs, and labels of files where `withSingles`. One that cannot be read is told to `leave`. */
export function* unpairedRows(
  database: Database,
  { pairs: { annotators } }: DataExport,
  pairs: readonly PairId[],
  withSingles: boolean,
  leave: (reason: string) => void,
): Generator<UnpairedRow> {
  const chosen = new Set(pairs.map(({ id }) => id));
  function* said(): Generator<Said> {
    for (const { pairId, source, aspect, good, ...reply } of ratedLabels(database, {
      sourceIds: null,
      annotators,
    }))
      if (chosen.has(pairId))
        yield { ...reply, label: good, beside: { source, ...(aspect !== null && { aspect }) } };
    if (!withSingles) return;
    for (const { reply, desirable, source, aspect, itemId, messages, turns } of exportedSingles(database)) {
      const beside = {
        ...(itemId !== null && { id: itemId }),
        source: source.name,
        ...(aspect !== null && { aspect }),
      };
      yield { messages, turns, text: reply, label: desirable === 1, beside };
    }
  }
  for (const one of said()) {
    const found = shaped(one);
    if (found === null) leave('cannot be read');
    else yield found;
  }
}
