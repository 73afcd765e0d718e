import { hash } from 'node:crypto';
import type { Message } from '#core/preference.ts';

/** First 16 bytes of SHA-256 over the JSON form, which keeps the parts apart. */
export function contentHash(value: unknown): Buffer {
  return hash('sha256', JSON.stringify(value), 'buffer').subarray(0, 16);
}

export const promptHash = (messages: readonly Message[]): Buffer =>
  contentHash(messages.map(({ role, content }) => [role, content]));

export const responseHash = (text: string): Buffer => contentHash(text);

/**
 * The same for the same prompt, replies in either order and aspect. `occurrence` tells apart rows of one file that
 * hold the same texts under different ids of their own: they are separate judgements.
 */
export const pairHash = (
  prompt: Buffer,
  replies: readonly [Buffer, Buffer],
  aspect: string | null,
  occurrence: number,
): Buffer => {
  const [first, second] = orderedReplies(replies);
  return contentHash([
    prompt.toString('base64'),
    first.toString('base64'),
    second.toString('base64'),
    aspect,
    occurrence,
  ]);
};

/** `a` is the reply with the lower hash: which side is `a` says nothing about the label. */
export const orderedReplies = ([x, y]: readonly [Buffer, Buffer]): readonly [Buffer, Buffer] =>
  Buffer.compare(x, y) <= 0 ? [x, y] : [y, x];
