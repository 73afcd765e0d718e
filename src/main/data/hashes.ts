import { hash } from 'node:crypto';
import { type Message, messageKey } from '#core/preference.ts';
import type { ReplyTurns } from '#core/replyTurns.ts';

/**
 * First 16 bytes of SHA-256 over the JSON form, which keeps the parts apart; a byte is a character from 0 to 255. As
 * text it is made, compared and looked up in a third of the time that a buffer takes, and an import makes millions.
 */
export type Hash = string;
const HASH_BYTES = 16;

const hashOfJson = (json: string): Hash => hash('sha256', json, 'binary').slice(0, HASH_BYTES);
export const contentHash = (value: unknown): Hash => hashOfJson(JSON.stringify(value));
export const hashBytes = (hash: Hash): Buffer => Buffer.from(hash, 'latin1');
export const hashOfBytes = (bytes: Buffer): Hash => bytes.toString('latin1');

export function promptHash(messages: readonly Message[]): Hash {
  const [first] = messages;
  // Nearly every prompt; what is written here is the JSON that it would have.
  if (first && messages.length === 1 && isTextAlone(first))
    return hashOfJson(`[["${first.role}",${JSON.stringify(first.content)}]]`);
  return contentHash(messages.map(messageKey));
}
/** Most messages, told without asking for each part. */
function isTextAlone(message: Message): boolean {
  for (const name in message) if (name !== 'role' && name !== 'content') return false;
  return true;
}

export const responseHash = (text: string, turns?: ReplyTurns): Hash =>
  contentHash(turns ? turns.map(messageKey) : text);

/**
 * The same for the same prompt, replies in either order and aspect. `occurrence` tells apart rows of one file that
 * hold the same texts under different ids of their own: they are separate judgements.
 */
export const pairHash = (
  prompt: Hash,
  replies: readonly [Hash, Hash],
  aspect: string | null,
  occurrence: number,
): Hash => {
  const [first, second] = orderedReplies(replies).map(btoa);
  // As JSON: base 64 needs no escapes.
  return hashOfJson(`["${btoa(prompt)}","${first}","${second}",${JSON.stringify(aspect)},${occurrence}]`);
};

/** `a` is the reply with the lower hash: which side is `a` says nothing about the label. */
export const orderedReplies = ([x, y]: readonly [Hash, Hash]): readonly [Hash, Hash] =>
  x <= y ? [x, y] : [y, x];
