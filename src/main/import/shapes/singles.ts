/** One reply with a label: TRL's and LLaMA-Factory's KTO, ms-swift. */
import type { Message } from '#core/preference.ts';
import type { ReplyTurns } from '#core/replyTurns.ts';
import type { ImportRules } from '#shared/importEntities.ts';
import { plainName } from '../fields.ts';
import type { Found, Row } from '../Row.ts';
import { readMessage, readMessages } from '../read/messages.ts';
import { readPrompt } from '../read/prompt.ts';
import { replyOf as textAndTurns, wholeOf } from '../read/replies.ts';
import { isAbsent, isText, UnreadableRow } from '../types.ts';
import { type Shape, singleItem } from './Shape.ts';

const REPLIES = ['completion', 'response', 'output', 'answer'];
const words = (text: string): string[] => text.split(' ');
const LABELS = words(
  'label kto_tag desirable is_desirable thumbs_up thumb feedback good is_good like liked is_liked upvoted accepted is_accepted chosen is_chosen preferred is_preferred positive is_positive acceptable is_acceptable',
);
/** Their yes is a no of the reply. */
const AGAINST = words(
  'undesirable is_undesirable bad is_bad thumbs_down disliked is_disliked downvoted rejected is_rejected negative is_negative unacceptable is_unacceptable',
);
const YES = new Set<unknown>([
  true,
  1,
  ...'true 1 1.0 yes y desirable good thumbs_up up like liked chosen positive 👍'.split(' '),
]);
const NO = new Set<unknown>([
  false,
  0,
  -1,
  ...'false 0 0.0 -1 -1.0 no n undesirable bad thumbs_down down dislike disliked rejected negative 👎'.split(
    ' ',
  ),
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
interface Label extends Found {
  readonly desirable: boolean;
}
function meantBy({ field, value }: Found, rules: ImportRules): boolean | null {
  const meant = rules.verdicts?.[String(value)];
  if (meant !== undefined) return meant === 'first';
  const word = isText(value)
    ? value
        .trim()
        .toLowerCase()
        .replaceAll(/[\s-]+/g, '_')
        .replace(/^_(?=1)/, '-')
    : value;
  const said = YES.has(word) ? true : NO.has(word) ? false : null;
  const isAgainst = AGAINST.some((name) => plainName(name) === plainName(field));
  return said === null ? null : said !== isAgainst;
}

/** Throws `UnreadableRow` where two columns say yes and no to the one reply. */
function labelOf(row: Row): Label | null {
  const mapped = row.rules.map?.verdict;
  const labels = (mapped ? [mapped] : [...LABELS, ...AGAINST]).flatMap((name): Label[] => {
    const found = row.at(name);
    const desirable = found && meantBy(found, row.rules);
    return found && typeof desirable === 'boolean' ? [{ ...found, desirable }] : [];
  });
  const [label] = labels;
  const other = labels.find(({ desirable }) => desirable !== label?.desirable);
  if (label && other)
    throw new UnreadableRow(
      other.field,
      `contradicts ${label.field}: one says that the reply is good, the other that it is bad; say which holds with --map verdict=${label.field},a=FIELD`,
    );
  return label ?? null;
}

/** A column called as labels are, which says neither yes nor no. */
export function unclearLabel(row: Row): Found | null {
  const names = [...LABELS, ...AGAINST];
  return names.map((name) => row.at(name)).find((found) => found !== null && !isAbsent(found.value)) ?? null;
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
