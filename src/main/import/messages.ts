import type { Message, Role } from '#core/preference.ts';
import { isObject, kindOf, UnreadableRow } from './types.ts';

/** A map, not an object: a file may name a role "constructor". */
const ROLES: ReadonlyMap<string, Role> = new Map([
  ['system', 'system'],
  ['user', 'user'],
  ['human', 'user'],
  ['prompter', 'user'],
  ['assistant', 'assistant'],
  ['gpt', 'assistant'],
  ['chatgpt', 'assistant'],
  ['model', 'assistant'],
  ['bot', 'assistant'],
]);

/** Text of a message: a string, or the text parts of a list of typed parts. */
function contentText(value: unknown, field: string): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) throw new UnreadableRow(field, `is ${kindOf(value)}, not text`);
  const parts = value.map((part: unknown, index) => {
    if (isObject(part) && part.type === 'text') {
      const text = part.text ?? part.value;
      if (typeof text === 'string') return text;
    }
    throw new UnreadableRow(`${field}[${index}]`, 'is not a text part');
  });
  return parts.join('');
}

/** `{role, content}` or `{from, value}`. */
export function readMessage(value: unknown, field: string): Message {
  if (!isObject(value)) throw new UnreadableRow(field, `is ${kindOf(value)}, not a message`);
  const shareGpt = 'from' in value;
  const name = shareGpt ? value.from : value.role;
  const role = typeof name === 'string' ? ROLES.get(name.toLowerCase()) : undefined;
  if (!role) {
    const roleField = `${field}.${shareGpt ? 'from' : 'role'}`;
    throw new UnreadableRow(
      roleField,
      `is ${typeof name === 'string' ? `"${name}"` : kindOf(name)}, not a known role`,
    );
  }
  const content = shareGpt
    ? contentText(value.value, `${field}.value`)
    : contentText(value.content, `${field}.content`);
  return { role, content: content.trim() };
}

export function readMessages(value: unknown, field: string): Message[] {
  if (!Array.isArray(value)) throw new UnreadableRow(field, `is ${kindOf(value)}, not a list of messages`);
  return value.map((message: unknown, index) => readMessage(message, `${field}[${index}]`));
}

const same = (a: Message | undefined, b: Message | undefined): boolean =>
  a?.role === b?.role && a?.content === b?.content;

/** Splits two whole dialogues at their last common turn; each must go on with exactly one reply. */
export function splitDialogues(
  chosen: readonly Message[],
  rejected: readonly Message[],
): { messages: Message[]; chosen: string; rejected: string } {
  let common = 0;
  while (common < Math.min(chosen.length, rejected.length) && same(chosen[common], rejected[common]))
    common += 1;
  if (common === chosen.length && common === rejected.length) {
    throw new UnreadableRow(null, 'both replies are the same');
  }
  const [x, y] = [chosen.slice(common), rejected.slice(common)];
  const [onlyX, onlyY] = [x[0], y[0]];
  if (x.length !== 1 || y.length !== 1 || onlyX?.role !== 'assistant' || onlyY?.role !== 'assistant') {
    throw new UnreadableRow(null, `the dialogues part at turn ${common + 1}, before the last reply`);
  }
  return { messages: chosen.slice(0, common), chosen: onlyX.content, rejected: onlyY.content };
}
