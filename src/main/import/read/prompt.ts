/** The prompt of a row: its text or messages, with everything that stands beside it. Pure. */
import type { Message } from '#core/preference.ts';
import { NAMES } from '../fields.ts';
import type { Row } from '../Row.ts';
import { isAbsent, isText, kindOf, UnreadableRow } from '../types.ts';
import { promptMessages } from './dialogue.ts';
import { jsonList } from './jsonText.ts';
import { holdsMore, readMessage, readMessages, sameMessage, sameMessages } from './messages.ts';

/** Marks with which chat templates begin: a text that has been through one would go through it twice. */
const TEMPLATE =
  /^\s*(?:<s>\s*)?(?:<\|im_start\|>|<\|start_header_id\|>|<\|begin_of_text\|>|<bos>\s*<start_of_turn>|<start_of_turn>|\[INST\]|<\|(?:system|user|assistant)\|>)/;

export interface PromptRead {
  readonly messages: Message[];
  /** The text as it stood, where the prompt is one text. */
  readonly text: string | null;
  /** Read from a conversation, which may already hold one of the replies. */
  readonly isConversation?: boolean;
}

/** What changes the question and cannot be held is never left out. */
function refuseWhatCannotBeHeld(row: Row): void {
  for (const name of [...NAMES.media, ...NAMES.tools]) {
    const found = row.at(name);
    if (!found || isAbsent(found.value) || found.value === '[]') continue;
    const what = (NAMES.media as readonly string[]).includes(name)
      ? 'holds pictures, sound or film, and only text can be held'
      : 'holds tool definitions, which cannot be held so far';
    throw new UnreadableRow(found.field, `${what}; take the column out if the replies make sense without it`);
  }
}

function historyOf(row: Row): Message[] {
  const found = row.find('history');
  if (!found || isText(found.value) || isAbsent(found.value)) return [];
  if (!Array.isArray(found.value))
    throw new UnreadableRow(found.field, `is ${kindOf(found.value)}, not a list of turns`);
  row.use('history', found.field);
  return found.value.flatMap((turn: unknown, index): Message[] => {
    const field = `${found.field}[${index}]`;
    if (!Array.isArray(turn)) return [readMessage(turn, field)];
    const [user, assistant] = turn as unknown[];
    if (turn.length !== 2 || !isText(user) || !isText(assistant))
      throw new UnreadableRow(field, 'is not a pair of a question and its answer');
    return [
      { role: 'user', content: user },
      { role: 'assistant', content: assistant },
    ];
  });
}

function textOf(row: Row, part: 'context' | 'system'): string | null {
  const found = row.find(part);
  if (!found || isAbsent(found.value)) return null;
  if (!isText(found.value))
    throw new UnreadableRow(
      found.field,
      `is ${kindOf(found.value)}, not text; map it or take the column out`,
    );
  row.use(part, found.field);
  return found.value;
}

/** A second text of the question: the input of an instruction. */
function secondText(row: Row, first: string): string | null {
  if (row.rules.map?.prompt !== undefined) return null;
  for (const name of ['instruction', 'question', 'query', 'input']) {
    const found = row.at(name);
    if (!found || row.isUsed(found.field) || !isText(found.value) || found.value === '') continue;
    if (first.includes(found.value)) continue;
    row.use('prompt', found.field);
    return found.value;
  }
  return null;
}

/** The fields that hold the question, in the order of `NAMES.prompt`; the empty ones are passed over. */
function promptField(row: Row) {
  const mapped = row.rules.map?.prompt;
  if (mapped !== undefined) return row.at(mapped);
  let empty = null;
  for (const name of NAMES.prompt) {
    const found = row.at(name);
    if (!found || row.isUsed(found.field)) continue;
    if (!isAbsent(found.value)) return found;
    empty ??= found;
  }
  return empty;
}

function questionOf(row: Row): PromptRead | null {
  const found = promptField(row);
  if (!found) return null;
  const value = jsonList(row, found.value);
  if (isText(value)) {
    row.use('prompt', found.field);
    if (TEMPLATE.test(value)) {
      throw new UnreadableRow(
        found.field,
        'has been through a chat template, and would go through another; give its turns as messages',
      );
    }
    const second = secondText(row, value);
    const context = textOf(row, 'context');
    const text = [context, value, second].filter((part) => part !== null && part !== '').join('\n\n');
    const messages =
      context === null && second === null ? promptMessages(text) : [{ role: 'user' as const, content: text }];
    return { messages: text === '' ? [] : messages, text: second === null && context === null ? text : null };
  }
  if (!Array.isArray(value))
    throw new UnreadableRow(found.field, `is ${kindOf(value)}, not text or a list of messages`);
  row.use('prompt', found.field);
  if (value.length > 0 && value.every(isText)) return oneText(found.field, value);
  keepWhereMore(row, found.field, value);
  return { messages: readMessages(value, found.field), text: null };
}

function oneText(field: string, value: readonly string[]): PromptRead {
  if (value.length > 1)
    throw new UnreadableRow(field, `holds ${value.length} texts where one prompt is expected`);
  return { messages: promptMessages(value[0] as string), text: value[0] as string };
}

function keepWhereMore(row: Row, field: string, value: unknown): void {
  if (holdsMore(value)) row.keep(field);
}

function conversationOf(row: Row): { field: string; messages: Message[] } | null {
  const mapped = row.rules.map?.messages;
  for (const name of mapped === undefined ? NAMES.messages : [mapped]) {
    const found = row.at(name);
    if (!found || row.isUsed(found.field)) continue;
    const value = jsonList(row, found.value);
    // A number under such a name counts turns, and a text is not a list of them.
    if (!Array.isArray(value) || value.length === 0) continue;
    return { field: found.field, messages: readMessages(value, found.field) };
  }
  return null;
}

function withSystem(row: Row, messages: Message[]): Message[] {
  const content = textOf(row, 'system');
  if (content === null) return messages;
  const [first] = messages;
  if (first?.role !== 'system') return [{ role: 'system', content }, ...messages];
  if (first.content === content) return messages;
  throw new UnreadableRow(
    row.find('system')?.field ?? 'system',
    'differs from the system message in the prompt; keep one of them',
  );
}

/**
 * The messages before the replies, or null where the row has no prompt of its own. A conversation beside a prompt is
 * passed over only where it says the same.
 */
export function readPrompt(row: Row): PromptRead | null {
  refuseWhatCannotBeHeld(row);
  const question = questionOf(row);
  const history = historyOf(row);
  const conversation = conversationOf(row);
  if (!question || (question.messages.length === 0 && conversation)) {
    if (conversation) {
      row.use('prompt', conversation.field);
      keepWhereMore(row, conversation.field, row.value[conversation.field]);
      const messages = withSystem(row, [...history, ...conversation.messages]);
      return { messages, text: null, isConversation: true };
    }
    const shp = row.find('history');
    if (!question && shp && isText(shp.value) && shp.value !== '') {
      row.use('prompt', shp.field);
      return { messages: withSystem(row, promptMessages(shp.value)), text: shp.value };
    }
    return question;
  }
  const messages = withSystem(row, [...history, ...question.messages]);
  if (conversation && !beginsAlike(messages, conversation.messages)) {
    throw new UnreadableRow(
      conversation.field,
      'says something else than the prompt beside it; map which of them is the prompt',
    );
  }
  return { messages, text: messages.length === 1 ? question.text : null };
}

/** The conversation is the prompt, or goes on from it. */
function beginsAlike(prompt: readonly Message[], conversation: readonly Message[]): boolean {
  if (sameMessages(prompt, conversation.slice(0, prompt.length))) return true;
  const talk = prompt.filter(({ role }) => role !== 'system');
  const other = conversation.filter(({ role }) => role !== 'system');
  return talk.every((message, index) => sameMessage(message, other[index]));
}
