import { type Message, ROLES, type Role } from '#core/preference.ts';
import { isAbsent, isObject, type JsonObject, kindOf, UnreadableRow } from '../types.ts';

/** A map, not an object: a file may name a role "constructor". */
const ROLE_NAMES: ReadonlyMap<string, Role> = new Map<string, Role>([
  ...ROLES.map((role) => [role, role] as const),
  ['human', 'user'],
  ['prompter', 'user'],
  ['gpt', 'assistant'],
  ['chatgpt', 'assistant'],
  ['bing', 'assistant'],
  ['bard', 'assistant'],
  ['model', 'assistant'],
  ['bot', 'assistant'],
  ['observation', 'tool'],
  ['function', 'tool'],
  ['ipython', 'tool'],
]);
/** Fields that say something of a message without being part of it. */
const BESIDE: ReadonlySet<string> = new Set(
  'loss_weight weight train masked mask id message_id parent_id index idx timestamp created_at date lang language model score tool_call_id token_count hash type'.split(
    ' ',
  ),
);

function partText(part: unknown, field: string): string {
  if (typeof part === 'string') return part;
  if (!isObject(part)) throw new UnreadableRow(field, `is ${kindOf(part)}, not a part of a message`);
  const { type = 'text' } = part;
  const text = part.text ?? part.value ?? part.content;
  if ((type === 'text' || type === 'input_text' || type === 'output_text') && typeof text === 'string')
    return text;
  throw new UnreadableRow(field, `is of type ${JSON.stringify(type)}; only text can be held so far`);
}

/** Text of a message: a string, or the text parts of a list of typed parts, one after another. */
function contentText(value: unknown, field: string): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    return value.map((part: unknown, index) => partText(part, `${field}[${index}]`)).join('');
  }
  if (isObject(value)) return partText(value, field);
  throw new UnreadableRow(field, `is ${kindOf(value)}, not text`);
}

const ROLE_FIELDS = ['role', 'from', 'speaker', 'author'] as const;
const TEXT_FIELDS = ['content', 'value', 'text', 'message'] as const;
const has = (value: JsonObject, name: string): boolean => Object.hasOwn(value, name);

/** A message as tools write it: `{role, content}`, `{from, value}`. */
export function isMessage(value: unknown): value is JsonObject {
  return (
    isObject(value) &&
    (ROLE_FIELDS.some((name) => has(value, name)) || TEXT_FIELDS.some((name) => has(value, name)))
  );
}

function roleOf(value: JsonObject, field: string, otherwise: Role | null): Role {
  const roleField = ROLE_FIELDS.find((name) => has(value, name));
  if (roleField === undefined) {
    if (otherwise) return otherwise;
    throw new UnreadableRow(`${field}.role`, 'is missing');
  }
  const name = value[roleField];
  const role = typeof name === 'string' ? ROLE_NAMES.get(name.toLowerCase()) : undefined;
  if (role) return role;
  const what = typeof name === 'string' ? `"${name}"` : kindOf(name);
  throw new UnreadableRow(`${field}.${roleField}`, `is ${what}, not a known role`);
}

/** `otherwise`: the role of a message that names none. */
export function readMessage(value: unknown, field: string, otherwise: Role | null = null): Message {
  if (!isObject(value)) throw new UnreadableRow(field, `is ${kindOf(value)}, not a message`);
  const role = roleOf(value, field, otherwise);
  const textField = TEXT_FIELDS.find((name) => has(value, name));
  for (const [name, other] of Object.entries(value)) {
    if (name === textField || ROLE_FIELDS.some((known) => known === name) || isAbsent(other)) continue;
    if (BESIDE.has(name) || other === false) continue;
    throw new UnreadableRow(
      `${field}.${name}`,
      'is a part of a message that cannot be held so far; leave it out or turn it into text',
    );
  }
  const content = textField === undefined ? undefined : value[textField];
  return { role, content: contentText(content, `${field}.${textField ?? 'content'}`) };
}

export function readMessages(value: unknown, field: string): Message[] {
  if (!Array.isArray(value)) throw new UnreadableRow(field, `is ${kindOf(value)}, not a list of messages`);
  return value.map((message: unknown, index) => readMessage(message, `${field}[${index}]`));
}

/** Messages hold more than role and text: the column is kept beside the pair as well. */
export const holdsMore = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.some(
    (message) =>
      isObject(message) &&
      Object.entries(message).some(([name, other]) => BESIDE.has(name) && !isAbsent(other)),
  );

export const sameMessage = (a: Message | undefined, b: Message | undefined): boolean =>
  a !== undefined && a.role === b?.role && a.content === b.content;
export const sameMessages = (a: readonly Message[], b: readonly Message[]): boolean =>
  a.length === b.length && a.every((message, index) => sameMessage(message, b[index]));
