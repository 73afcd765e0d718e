import { type Message, messageKey } from '#core/preference.ts';
import type { ReplyTurns } from '#core/replyTurns.ts';
import type { Database } from './database.ts';
import { contentHash, type Hash, hashBytes } from './hashes.ts';

/** One reply with a label of its own. */
export interface NewSingle {
  readonly messages: readonly Message[];
  readonly reply: string;
  /** Where the reply is more than its text. */
  readonly turns?: ReplyTurns | undefined;
  readonly desirable: boolean;
  readonly aspect: string | null;
  readonly itemId: string | null;
  readonly metadata: string | null;
  readonly row: number;
}

/** The same for the same messages, reply, aspect and id. */
export const singleHash = ({ messages, reply, turns, aspect, itemId }: NewSingle): Hash =>
  contentHash([messages.map(messageKey), turns ? turns.map(messageKey) : reply, aspect, itemId]);

type Row = [
  Buffer,
  number,
  string,
  string,
  string | null,
  number,
  string | null,
  string | null,
  string | null,
  number,
];

/** Asks for the label that a stored single has. */
export function knownSingles(database: Database): (hash: Hash) => boolean | undefined {
  const find = database
    .prepare<[Buffer], number>('SELECT desirable FROM stored_singles WHERE hash = ?')
    .pluck();
  return (hash) => {
    const desirable = find.get(hashBytes(hash));
    return desirable === undefined ? undefined : desirable === 1;
  };
}

export function singleWriter(database: Database) {
  const known = knownSingles(database);
  const add = database.prepare<Row>(
    `INSERT INTO stored_singles
       (hash, source_id, messages, reply, turns, desirable, aspect, item_id, metadata, source_row)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (single: NewSingle, sourceId: number): 'added' | 'duplicate' | 'conflict' => {
    const hash = singleHash(single);
    const standing = known(hash);
    if (standing !== undefined) return standing === single.desirable ? 'duplicate' : 'conflict';
    const { messages, reply, turns, desirable, aspect, itemId, metadata, row } = single;
    add.run(
      hashBytes(hash),
      sourceId,
      JSON.stringify(messages),
      reply,
      turns ? JSON.stringify(turns) : null,
      desirable ? 1 : 0,
      aspect,
      itemId,
      metadata,
      row,
    );
    return 'added';
  };
}
