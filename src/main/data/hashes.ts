import { hash } from 'node:crypto';
import { type Message, messageKey } from '#core/preference.ts';
import type { ReplyTurns } from '#core/replyTurns.ts';
import { parseExact } from '../import/json/rawJson.ts';

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
export const hashOfHex = (hex: string): Hash => hashOfBytes(Buffer.from(hex, 'hex'));

export function promptHash(messages: readonly Message[]): Hash {
  const [first] = messages;
  // Nearly every prompt; what is written here is the JSON that it would have.
  if (first && messages.length === 1 && isTextAlone(first))
    return hashOfJson(`[["${first.role}",${JSON.stringify(first.content)}]]`);
  return contentHash(messages.map(identityOf));
}
/** Some tools write the arguments of a call as text, others as an object: the same call. */
function sameArguments(call: unknown): unknown {
  if (typeof call !== 'object' || call === null) return call;
  const { function: called, arguments: given } = call as { function?: unknown; arguments?: unknown };
  if (called !== undefined) return { ...call, function: sameArguments(called) };
  if (typeof given !== 'string') return call;
  try {
    const parsed = parseExact(given);
    return typeof parsed === 'object' && parsed !== null ? { ...call, arguments: parsed } : call;
  } catch {
    // A call that a model did not finish is the text that it is.
    return call;
  }
}
const identityOf = (message: Message): readonly unknown[] =>
  messageKey(
    message.tool_calls ? { ...message, tool_calls: message.tool_calls.map(sameArguments) } : message,
  );
/** Most messages, told without asking for each part. */
function isTextAlone(message: Message): boolean {
  for (const name in message) if (name !== 'role' && name !== 'content') return false;
  return true;
}

export const responseHash = (text: string, turns?: ReplyTurns): Hash =>
  contentHash(turns ? turns.map(identityOf) : text);

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
