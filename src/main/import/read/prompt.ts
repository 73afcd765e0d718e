/** The prompt of a row: its text or messages, with everything that stands beside it. Pure. */
import type { Message } from '#core/preference.ts';
import { NAMES } from '../fields.ts';
import type { Found, Row } from '../Row.ts';
import { isAbsent, isObject, isText, kindOf, UnreadableRow } from '../types.ts';
import { looksLikeDialogue, promptMessages, wholeDialogue } from './dialogue.ts';
import { jsonList, parsedList } from './jsonText.ts';
import { listOf } from './messageParts.ts';
import {
  holdsMore,
  isConversation,
  isMessage,
  readMessages,
  sameMessage,
  sameMessages,
  textOfParts,
} from './messages.ts';

/** Marks with which chat templates begin: a text that has been through one would go through it twice. */
const TEMPLATE =
  /^\s*(?:<s>\s*)?(?:<\|(?:im_start|start_header_id|begin_of_text|start|system|user|assistant|prompter|START_OF_TURN_TOKEN)\|>|<[｜|](?:begin▁of▁sentence|User|Assistant)[｜|]>|<bos>|<start_of_turn>|\[INST\]|\[SYSTEM_PROMPT\]|<<SYS>>)/;
/** Marks with which templates end a turn: after a reply, the template would write a second one. */
const TURN_END =
  /(?:<\|(?:im_end|eot_id|end_of_text|endoftext|end|return)\|>|<end_of_turn>|<[｜]end▁of▁sentence[｜]>)\s*$/;
export const isTemplated = (text: string): boolean => TEMPLATE.test(text) || TURN_END.test(text);

export interface PromptRead {
  readonly messages: Message[];
  /** The text as it stood, where the prompt is one text. */
  readonly text: string | null;
  /** Read from a conversation, which may already hold one of the replies. */
  readonly isConversation?: boolean;
}

/** What changes the question and cannot be held is never left out. */
function refuseWhatCannotBeHeld(row: Row): void {
  for (const name of NAMES.media) {
    const found = row.at(name);
    if (!found || isAbsent(found.value) || found.value === '[]') continue;
    if (Array.isArray(found.value) && found.value.every(isAbsent)) continue;
    throw new UnreadableRow(
      found.field,
      'holds pictures, sound or film, and only text can be held; take the column out if the replies make sense without it',
    );
  }
}

/** The tools on offer stand with the first message, where templates find them. */
function withTools(row: Row, prompt: PromptRead | null): PromptRead | null {
  const found = row.find('tools');
  const [first, ...others] = prompt?.messages ?? [];
  if (!prompt || !first || !found || isAbsent(found.value) || found.value === '[]') return prompt;
  const tools = listOf(found.value, found.field);
  if (first.tools !== undefined)
    throw new UnreadableRow(found.field, 'stands beside tools in the first message; keep one of them');
  row.use('tools', found.field);
  return { ...prompt, messages: [{ ...first, tools }, ...others], text: null };
}

/** Texts by turns, the person's first, or null where their number leaves one without its answer. */
function turnsOfTexts(value: readonly unknown[], isAsked: boolean): Message[] | null {
  if (value.length === 0 || !value.every(isText) || (value.length % 2 === 0) === isAsked) return null;
  return value.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content }));
}

/** A history in one text is turns where it says so: as JSON, or by its marks. */
function turnsInText(field: string, text: string): Message[] {
  const list = parsedList(text);
  if (list) return turnsOfTexts(list, false) ?? readMessages(list, field);
  if (looksLikeDialogue(text)) return wholeDialogue(text);
  throw new UnreadableRow(
    field,
    `is text without turns beside a prompt; --map context=${field} sets it before the question, --map history= leaves it out`,
  );
}

/** What was said before the question; without one, a history in one text is the question (SHP). */
function historyOf(row: Row, hasQuestion: boolean): Message[] {
  const found = row.find('history');
  if (!found || isAbsent(found.value) || found.value === '[]') return [];
  if (isText(found.value)) {
    if (!hasQuestion) return [];
    row.use('history', found.field);
    return turnsInText(found.field, found.value);
  }
  if (!Array.isArray(found.value))
    throw new UnreadableRow(found.field, `is ${kindOf(found.value)}, not a list of turns`);
  row.use('history', found.field);
  keepWhereMore(row, found.field, found.value);
  return turnsOfTexts(found.value, false) ?? readMessages(found.value, found.field);
}

/** A context that is turns, not a passage: what was said before, or the whole question. */
function earlierTurns(row: Row, hasQuestion: boolean): { field: string; messages: Message[] } | null {
  const found = row.find('context');
  if (!found) return null;
  const asked = !hasQuestion && Array.isArray(found.value) ? turnsOfTexts(found.value, true) : null;
  if (asked) {
    row.use('context', found.field);
    return { field: found.field, messages: asked };
  }
  if (!isConversation(found.value)) return null;
  row.use('context', found.field);
  keepWhereMore(row, found.field, found.value);
  return { field: found.field, messages: readMessages(found.value, found.field) };
}

/** One passage is that text; several are passages where a mapping says so, since they may be turns. */
function passagesIn(row: Row, { field, value }: Found): string | null {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isText)) return null;
  if (value.length === 1 || row.rules.map?.context === field) return value.join('\n\n');
  throw new UnreadableRow(
    field,
    `holds ${value.length} texts, which may be passages or turns: --map context=${field} sets them before the question as passages, --map history=${field} reads them as turns`,
  );
}

function textOf(row: Row, part: 'context' | 'system'): string | null {
  const found = row.find(part);
  if (!found || isAbsent(found.value)) return null;
  if (row.isUsed(found.field)) return null;
  const passages = part === 'context' ? passagesIn(row, found) : null;
  if (passages !== null) {
    row.use(part, found.field);
    return passages;
  }
  const isParts = part === 'system' && (Array.isArray(found.value) || isMessage(found.value));
  if (!isText(found.value) && !isParts)
    throw new UnreadableRow(
      found.field,
      `is ${kindOf(found.value)}, not text; map it or take the column out`,
    );
  row.use(part, found.field);
  return isText(found.value) ? found.value : textOfParts(found.value, found.field);
}

/** A second text of the question: the input of an instruction. */
function secondText(row: Row, first: string): string | null {
  // Beside what a judge was asked about, an instruction is the judge's own.
  if (row.rules.map?.prompt !== undefined || row.has('orig_instruction')) return null;
  for (const name of ['instruction', 'question', 'query', 'input']) {
    const found = row.at(name);
    if (!found || row.isUsed(found.field) || !isText(found.value) || found.value === '') continue;
    // An input belongs to its instruction; another text may only be a part of the prompt that was made of it.
    if (name === 'input' ? first === found.value : first.includes(found.value)) continue;
    row.use('prompt', found.field);
    return found.value;
  }
  return null;
}

/** The fields that hold the question, in the order of `NAMES.prompt`; the empty ones are passed over. */
function promptField(row: Row, names: readonly string[]): Found | null {
  const mapped = row.rules.map?.prompt;
  if (mapped !== undefined) return mapped === '' ? null : row.at(mapped);
  let empty: Found | null = null;
  for (const name of names) {
    const found = row.at(name);
    if (!found || row.isUsed(found.field)) continue;
    // Beside a conversation a task is its kind, as "Coding".
    if (name === 'task' && isConversation(row.find('messages')?.value)) continue;
    if (!isAbsent(found.value)) return found;
    empty ??= found;
  }
  return empty;
}

/** WebGPT's question is an object that holds its text. */
function questionText(row: Row, { field, value }: Found): unknown {
  if (!isObject(value)) return value;
  if (isConversation(value.messages)) {
    row.keep(field);
    return value.messages;
  }
  const text = value.full_text ?? value.text ?? value.content;
  if (!isText(text)) return value;
  row.keep(field);
  return text;
}

function questionOf(row: Row, names: readonly string[]): PromptRead | null {
  const found = promptField(row, names);
  if (!found) return null;
  const value = jsonList(row, questionText(row, found));
  if (isText(value)) {
    row.use('prompt', found.field);
    if (isTemplated(value)) {
      throw new UnreadableRow(
        found.field,
        'has been through a chat template, and would go through another; give its turns as messages',
      );
    }
    const second = secondText(row, value);
    const context = isConversation(row.find('context')?.value) ? null : textOf(row, 'context');
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
  return { messages: withContext(row, readMessages(value, found.field)), text: null };
}

function oneText(field: string, value: readonly string[]): PromptRead {
  if (value.length > 1)
    throw new UnreadableRow(field, `holds ${value.length} texts where one prompt is expected`);
  return { messages: promptMessages(value[0] as string), text: value[0] as string };
}

function keepWhereMore(row: Row, field: string, value: unknown): void {
  if (holdsMore(value)) row.keep(field);
}

/** Beside a question, a list under such a name that is no conversation stays metadata. */
function conversationOf(row: Row, hasQuestion: boolean): { field: string; messages: Message[] } | null {
  if (row.rules.map?.prompt !== undefined) return null;
  for (const name of NAMES.messages) {
    const found = row.at(name);
    if (!found || row.isUsed(found.field)) continue;
    const value = jsonList(row, found.value);
    // A number under such a name counts turns, and a text is not a list of them.
    if (!Array.isArray(value) || value.length === 0) continue;
    if (hasQuestion && !isConversation(value)) continue;
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
  return withTools(row, readQuestion(row, NAMES.prompt));
}
/** Beside replies that are told by their names, a text that is no reply is the question. */
export function readPromptOrText(row: Row): PromptRead | null {
  return withTools(row, readQuestion(row, [...NAMES.prompt, ...NAMES.text]));
}

function readQuestion(row: Row, names: readonly string[]): PromptRead | null {
  refuseWhatCannotBeHeld(row);
  const question = questionOf(row, names);
  const earlier = earlierTurns(row, question !== null || row.knows('messages'));
  const conversation = conversationOf(row, question !== null);
  // Where the replies are whole dialogues, what stands beside them is read with them.
  if (!question && !conversation && !earlier) return historyAsQuestion(row);
  const history = [
    ...(earlier?.messages ?? []),
    ...historyOf(row, question !== null || conversation !== null),
  ];
  if (!question || (question.messages.length === 0 && conversation)) {
    if (!conversation) return { messages: withSystem(row, history), text: null, isConversation: true };
    row.use('prompt', conversation.field);
    keepWhereMore(row, conversation.field, row.value[conversation.field]);
    const messages = withContext(row, withSystem(row, [...history, ...conversation.messages]));
    return { messages, text: null, isConversation: true };
  }
  const messages = withSystem(row, [...history, ...question.messages]);
  const upTo = conversation ? upToQuestion(question, conversation.messages) : null;
  if (conversation && upTo && history.length === 0) {
    row.use('prompt', conversation.field);
    row.keep(conversation.field);
    return { messages: withSystem(row, upTo), text: null };
  }
  if (conversation && !beginsAlike(messages, conversation.messages)) {
    throw new UnreadableRow(
      conversation.field,
      'says something else than the prompt beside it; map which of them is the prompt',
    );
  }
  return { messages, text: messages.length === 1 ? question.text : null };
}

/** SHP's question is called a history, and is one text. */
function historyAsQuestion(row: Row): PromptRead | null {
  const found = row.find('history');
  if (!found || !isText(found.value) || found.value === '') return null;
  row.use('prompt', found.field);
  return { messages: withSystem(row, promptMessages(found.value)), text: found.value };
}

/** A passage beside messages stands before the one question that they ask; of several it could belong to any. */
function withContext(row: Row, messages: Message[]): Message[] {
  const field = row.find('context')?.field ?? 'context';
  const content = isConversation(row.find('context')?.value) ? null : textOf(row, 'context');
  if (content === null) return messages;
  const asked = messages.filter(({ role }) => role !== 'system' && role !== 'developer');
  const [only] = asked;
  if (asked.length !== 1 || only?.role !== 'user')
    throw new UnreadableRow(
      field,
      'is a text beside several turns, and may belong to any of them; write it into its turn, or leave it out with --map context=',
    );
  return messages.map((message) =>
    message === only ? { ...message, content: `${content}\n\n${message.content}` } : message,
  );
}

/** What stands beside replies that are whole dialogues: a system prompt, a history, a passage, tools. */
export function withPartsBeside(row: Row, dialogue: Message[]): Message[] {
  const history = historyOf(row, true);
  const messages = withContext(row, withSystem(row, [...history, ...dialogue]));
  return withTools(row, { messages, text: null })?.messages ?? messages;
}

/** A prompt that is the last question of the conversation beside it: all that was said up to there. */
function upToQuestion({ messages }: PromptRead, conversation: Message[]): Message[] | null {
  const [only, other] = messages;
  const last = conversation.findLastIndex(({ role }) => role === 'user');
  const isLast = only?.role === 'user' && !other && last > 0 && sameMessage(only, conversation[last]);
  return isLast && conversation.slice(0, last).some(({ role }) => role === 'user')
    ? conversation.slice(0, last + 1)
    : null;
}

/** The conversation is the prompt, or goes on from it. */
function beginsAlike(prompt: readonly Message[], conversation: readonly Message[]): boolean {
  if (sameMessages(prompt, conversation.slice(0, prompt.length))) return true;
  const talk = prompt.filter(({ role }) => role !== 'system');
  const other = conversation.filter(({ role }) => role !== 'system');
  return talk.every((message, index) => sameMessage(message, other[index]));
}
