/** Two replies of a row beside its prompt: what both share goes to the prompt, what is left is the reply of each. Pure. */
import type { Message } from '#core/preference.ts';
import { isPlainReply, type ReplyTurns, type TurnsOfTwo, textOfTurns } from '#core/replyTurns.ts';
import type { Found, Row } from '../Row.ts';
import { isObject, isText, kindOf, UnreadableRow } from '../types.ts';
import { looksLikeDialogue, wholeDialogue } from './dialogue.ts';
import { jsonList } from './jsonText.ts';
import { holdsMore, readMessage, readMessages, sameMessage } from './messages.ts';
import { isTemplated, type PromptRead, withPartsBeside } from './prompt.ts';

export interface TwoReplies {
  readonly messages: Message[];
  readonly replies: readonly [string, string];
  /** Where a reply is more than its text. */
  readonly turns?: TurnsOfTwo;
}

const reply = (content: string): Message => ({ role: 'assistant', content });

/** A reply as messages: text, one message, or a list; objects that only wrap a text are that text. */
function replyMessages(row: Row, { field, value: raw }: Found): Message[] {
  const value = jsonList(row, raw);
  if (isText(value)) return [reply(value)];
  if (Array.isArray(value)) {
    if (value.length === 1 && isText(value[0])) return [reply(value[0])];
    if (value.length === 0) throw new UnreadableRow(field, 'is empty');
    if (holdsMore(value)) row.keep(field);
    return readMessages(value, field);
  }
  if (!isObject(value)) throw new UnreadableRow(field, `is ${kindOf(value)}, not a reply`);
  if (holdsMore([value])) row.keep(field);
  return [readMessage(value, field, 'assistant')];
}

/** How many messages at the prompt's end the list begins with; the last message is the reply, and never counted. */
function overlap(prompt: readonly Message[], list: readonly Message[]): number {
  for (let size = Math.min(prompt.length, list.length - 1); size > 0; size--) {
    const tail = prompt.slice(prompt.length - size);
    if (tail.every((message, index) => sameMessage(message, list[index]))) return size;
  }
  return 0;
}

/** A dialogue with the prompt before it: what both say stands once. */
export function wholeOf(prompt: readonly Message[], list: readonly Message[], field: string): Message[] {
  const shared = overlap(prompt, list);
  const [first] = list;
  if (shared === 0 && list.length > 1 && (first?.role === 'system' || first?.role === 'user')) {
    const inside = prompt.every((message, index) => sameMessage(message, list[index]));
    // A text prompt beside whole dialogues may be a turn of theirs.
    const repeats =
      prompt.length === 1 && list.slice(0, -1).some((message) => sameMessage(message, prompt[0]));
    if (inside || repeats) return [...list];
    if (prompt.length > 0)
      throw new UnreadableRow(field, 'begins with different turns from the prompt beside it');
  }
  return [...prompt, ...list.slice(shared)];
}

/** The last message of a reply, by its place in the row. */
const lastOf = ({ field, value }: Found): string =>
  Array.isArray(value) && value.length > 0 && !isText(value[0]) ? `${field}[${value.length - 1}]` : field;

/** A reply ends with the assistant, whatever stands before. */
function checkLast(turns: readonly Message[], field: string): void {
  const last = turns.at(-1);
  if (!last || last.role === 'assistant') return;
  throw new UnreadableRow(field, `is by the ${last.role}, not the assistant`);
}

/** A reply as its text, with its messages where they are more than that. */
export function replyOf(turns: readonly Message[]): { text: string; turns: ReplyTurns } {
  return isPlainReply(turns)
    ? { text: turns[0]?.content ?? '', turns: null }
    : { text: textOfTurns(turns), turns };
}

/** Splits two whole dialogues at their last common turn: what each goes on with is its reply. */
function splitDialogues(
  chosen: readonly Message[],
  rejected: readonly Message[],
  fields: readonly [string, string],
  isText = false,
): TwoReplies {
  let common = 0;
  const shorter = Math.min(chosen.length, rejected.length);
  while (common < shorter && sameMessage(chosen[common], rejected[common])) common += 1;
  if (common === chosen.length && common === rejected.length)
    throw new UnreadableRow(null, 'both replies are the same');
  const [x, y] = [chosen.slice(common), rejected.slice(common)];
  // In a text, a turn's mark may be quoted by the reply before it.
  const isLong = x.length > 1 || y.length > 1;
  if (x.length === 0 || y.length === 0 || (isText && isLong))
    throw new UnreadableRow(null, `the dialogues part at turn ${common + 1}, before the last reply`);
  for (const first of [x[0], y[0]]) {
    if (isLong && first?.role !== 'assistant')
      throw new UnreadableRow(
        null,
        `the dialogues part at turn ${common + 1}, which is by the ${first?.role}`,
      );
  }
  checkLast(x, fields[0]);
  checkLast(y, fields[1]);
  const [first, second] = [replyOf(x), replyOf(y)];
  return {
    messages: chosen.slice(0, common),
    replies: [first.text, second.text],
    ...((first.turns || second.turns) && { turns: [first.turns, second.turns] }),
  };
}

function dialogueOf(text: string, field: string): Message[] {
  const turns = wholeDialogue(text);
  if (turns.length === 0) throw new UnreadableRow(field, 'holds no "Human:" and "Assistant:" turns');
  return turns;
}

/** TRL's implicit prompt: what both texts begin with, up to a space. It must be more than one word. */
function sharedBeginning(x: string, y: string): string | null {
  let length = 0;
  while (length < Math.min(x.length, y.length) && x[length] === y[length]) length += 1;
  const beginning = x.slice(0, x.slice(0, length).search(/\s\S*$/));
  return length > 0 && /\S\s+\S/.test(beginning) ? beginning : null;
}

/** Both texts begin with the prompt, and go on from it. */
function repeatsPrompt(prompt: string, texts: readonly string[]): boolean {
  if (prompt.trim() === '') return false;
  return texts.every((text) => {
    if (!text.startsWith(prompt) || text.length === prompt.length) return false;
    return /\W$/.test(prompt) || /^\W/.test(text.slice(prompt.length));
  });
}

function fromTexts(prompt: PromptRead | null, x: Found, y: Found): TwoReplies | null {
  const [first, second] = [x.value as string, y.value as string];
  if (prompt?.text && repeatsPrompt(prompt.text, [first, second])) {
    const rest = (text: string): string => text.slice((prompt.text as string).length);
    const marked = /(?:^|\n\n)Assistant:$/.test(prompt.text);
    const cut = (text: string): string => (marked ? rest(text).replace(/^ /, '') : rest(text));
    return { messages: prompt.messages, replies: [cut(first), cut(second)] };
  }
  if (prompt && prompt.messages.length > 0) return null;
  if (looksLikeDialogue(first) && looksLikeDialogue(second))
    return splitDialogues(dialogueOf(first, x.field), dialogueOf(second, y.field), [x.field, y.field], true);
  if (prompt) throw new UnreadableRow('prompt', 'is empty');
  const beginning = sharedBeginning(first, second);
  if (beginning === null)
    throw new UnreadableRow('prompt', 'is missing, and the replies are not whole dialogues');
  return {
    messages: [{ role: 'user', content: beginning }],
    replies: [first.slice(beginning.length), second.slice(beginning.length)],
  };
}

/** A conversation that already ends with one of the replies is read without it. */
function withoutReply(messages: Message[], replies: readonly Message[][]): Message[] {
  const last = messages.at(-1);
  if (messages.length < 2 || last?.role !== 'assistant') return messages;
  const isReply = replies.some((list) => list.length === 1 && sameMessage(list[0], last));
  return isReply ? messages.slice(0, -1) : messages;
}

export function readTwoReplies(row: Row, prompt: PromptRead | null, x: Found, y: Found): TwoReplies {
  const two = splitReplies(row, prompt, x, y);
  return prompt ? two : { ...two, messages: withPartsBeside(row, two.messages) };
}

function splitReplies(row: Row, prompt: PromptRead | null, x: Found, y: Found): TwoReplies {
  if (isText(x.value) && isText(y.value)) {
    const read = fromTexts(prompt, x, y);
    if (read) return read;
  }
  const [first, second] = [replyMessages(row, x), replyMessages(row, y)];
  const asked = prompt?.messages ?? [];
  const before = prompt?.isConversation ? withoutReply(asked, [first, second]) : asked;
  return splitDialogues(wholeOf(before, first, x.field), wholeOf(before, second, y.field), [
    lastOf(x),
    lastOf(y),
  ]);
}

export function checkReplies(
  { messages, replies, turns }: TwoReplies,
  fields: readonly [string, string],
): void {
  for (const [index, text] of replies.entries()) {
    if (text.trim() === '') throw new UnreadableRow(fields[index] ?? null, 'is empty');
    if (isTemplated(text))
      throw new UnreadableRow(
        fields[index] ?? null,
        "holds the marks of a chat template, which would be written a second time; give the reply's own text",
      );
  }
  const [first, second] = turns ?? [];
  if (replies[0] === replies[1] && JSON.stringify(first) === JSON.stringify(second))
    throw new UnreadableRow(null, 'both replies are the same');
  if (
    !messages.some(({ role, content }) => role !== 'system' && role !== 'developer' && content.trim() !== '')
  ) {
    throw new UnreadableRow('prompt', 'is empty');
  }
}
