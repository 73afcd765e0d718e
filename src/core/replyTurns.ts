/** Replies that are more than one plain text: calls of tools, thinking, several turns. Pure. */
import { type Message, partsOf } from './preference.ts';

/** Messages from the first one after the prompt on: the assistant's first and last. Null: the reply is its text. */
export type ReplyTurns = readonly Message[] | null;
/** Of both replies of a pair; absent where both are plain texts. */
export type TurnsOfTwo = readonly [ReplyTurns, ReplyTurns];

const NAMES = {
  system: 'System',
  developer: 'Developer',
  user: 'User',
  assistant: 'Assistant',
  tool: 'Tool',
};

function callText(call: unknown): string {
  const outer = call as { function?: unknown };
  const { name, arguments: given } = (outer.function ?? outer) as { name?: unknown; arguments?: unknown };
  return `Calls ${String(name)}(${typeof given === 'string' ? given : (JSON.stringify(given) ?? '')})`;
}

function turnText(message: Message, isFirst: boolean): string {
  const { role, content, name, tool_calls: calls } = message;
  const thought = message.thinking ?? message.reasoning_content ?? message.reasoning;
  const speaker = name === undefined ? NAMES[role] : `${NAMES[role]} (${name})`;
  const label = isFirst && name === undefined ? '' : `${speaker}: `;
  const said = [
    ...(thought === undefined ? [] : [`Thinking: ${thought}`]),
    ...(content === '' ? [] : [content]),
    ...(calls ?? []).map(callText),
  ];
  return `${label}${said.join('\n\n')}`;
}

/** What a person reads, searches and compares of such a reply. */
export const textOfTurns = (turns: readonly Message[]): string =>
  turns.map((message, index) => turnText(message, index === 0)).join('\n\n');

/** Whether the messages are one plain text of the assistant. */
export const isPlainReply = (turns: readonly Message[]): boolean => {
  const [only, another] = turns;
  return only?.role === 'assistant' && another === undefined && partsOf(only) === null;
};
/** The reply's messages, of a plain text too. */
export const messagesOfReply = (text: string, turns: ReplyTurns | undefined): readonly Message[] =>
  turns ?? [{ role: 'assistant', content: text }];
