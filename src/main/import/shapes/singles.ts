/** One reply with a label: TRL's and LLaMA-Factory's KTO, ms-swift. */
import type { Message } from '#core/preference.ts';
import type { ReplyTurns } from '#core/replyTurns.ts';
import type { Found, Row } from '../Row.ts';
import { readMessage, readMessages } from '../read/messages.ts';
import { readPrompt } from '../read/prompt.ts';
import { replyOf as textAndTurns, wholeOf } from '../read/replies.ts';
import { isAbsent, isText, UnreadableRow } from '../types.ts';
import { type Shape, singleItem } from './Shape.ts';

const REPLIES = ['completion', 'response', 'output', 'answer'];
const LABELS = ['label', 'kto_tag', 'desirable', 'thumbs_up', 'feedback', 'thumb'];
const YES = new Set<unknown>([
  true,
  1,
  ...'true 1 yes desirable good thumbs_up up like liked chosen positive 👍'.split(' '),
]);
const NO = new Set<unknown>([
  false,
  0,
  -1,
  ...'false 0 -1 no undesirable bad thumbs_down down dislike disliked rejected negative 👎'.split(' '),
]);

/** The one reply that a row holds. */
export const replyOf = (row: Row): Found | null => {
  if (row.rules.map?.replyA) return row.at(row.rules.map.replyA);
  for (const name of REPLIES) {
    const found = row.at(name);
    if (found && !isAbsent(found.value)) return found;
  }
  return null;
};
function labelOf(row: Row): (Found & { desirable: boolean }) | null {
  const mapped = row.rules.map?.verdict;
  for (const name of mapped ? [mapped] : LABELS) {
    const found = row.at(name);
    if (!found) continue;
    const word = isText(found.value)
      ? found.value
          .trim()
          .toLowerCase()
          .replaceAll(/[\s-]+/g, '_')
      : found.value;
    const meant = row.rules.verdicts?.[String(found.value)];
    if (meant !== undefined) return { ...found, desirable: meant === 'first' };
    if (YES.has(word)) return { ...found, desirable: true };
    if (NO.has(word)) return { ...found, desirable: false };
  }
  return null;
}

export const singles: Shape = {
  name: 'singles',
  matches: (row) => labelOf(row) !== null && (replyOf(row) !== null || row.find('messages') !== null),
  read: (row) => {
    const label = labelOf(row);
    if (!label) throw new UnreadableRow(row.rules.map?.verdict ?? 'label', 'says neither yes nor no');
    row.use('label', label.field);
    const reply = replyOf(row);
    if (reply) {
      row.use('reply', reply.field);
      const prompt = readPrompt(row);
      if (!prompt) throw new UnreadableRow('prompt', 'is missing');
      const { list, text, turns } = lastReply(reply);
      const messages = wholeOf(prompt.messages, list, reply.field).slice(0, -1);
      return [singleItem(row, { messages, reply: text, turns }, label.desirable, reply.field)];
    }
    const found = row.find('messages') as Found;
    row.use('prompt', found.field);
    const messages = readMessages(found.value, found.field);
    const last = messages.at(-1);
    if (last?.role !== 'assistant')
      throw new UnreadableRow(found.field, 'does not end with a reply of the assistant');
    const shorter = row.with({ [found.field]: (found.value as unknown[]).slice(0, -1) });
    const before = readPrompt(shorter)?.messages ?? [];
    for (const { part, field } of shorter.readings) row.use(part, field);
    const { text, turns } = textAndTurns([last]);
    return [singleItem(row, { messages: before, reply: text, turns }, label.desirable, found.field)];
  },
};

/** A reply, and the list that it ends. */
function lastReply({ field, value }: Found): { list: Message[]; text: string; turns: ReplyTurns } {
  if (isText(value)) return { list: [{ role: 'assistant', content: value }], text: value, turns: null };
  const list = Array.isArray(value) ? readMessages(value, field) : [readMessage(value, field, 'assistant')];
  const last = list.at(-1);
  if (last?.role !== 'assistant')
    throw new UnreadableRow(field, 'does not end with a reply of the assistant');
  return { list, ...textAndTurns([last]) };
}
