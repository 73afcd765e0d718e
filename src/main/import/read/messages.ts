import { type Message, messageKey, ROLES, type Role } from '#core/preference.ts';
import { isRawNumber } from '../json/rawJson.ts';
import { isAbsent, isObject, type JsonObject, kindOf, UnreadableRow } from '../types.ts';
import { callsInText, isFunctionCall, isMessagePart, readParts } from './messageParts.ts';
import { hasTypedParts, partsHoldMore, splitParts } from './typedParts.ts';

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
  ['ai', 'assistant'],
  ['observation', 'tool'],
  ['function', 'tool'],
  ['ipython', 'tool'],
  ['tool_response', 'tool'],
  ['tool_result', 'tool'],
  ['tool_output', 'tool'],
  ['function_response', 'tool'],
  ['function_call', 'assistant'],
  ['tool_call', 'assistant'],
]);
const names = (text: string): ReadonlySet<string> => new Set(text.split(' '));
/** Fields that are part of what is said, and that text alone cannot hold. */
const SAID = names(
  'function_calls thoughts thought image images image_url audio audios video videos file files attachments attachment refusal citations tool_result tool_results tool_input artifacts',
);
/** Lists and objects that say something of a message without being part of it. */
const BESIDE = names(
  'header openai_moderation detoxify_moderation moderation metadata meta annotations logprobs usage emojis review_result labels safety token_ids',
);
const MEDIA = names('image images image_url audio input_audio audio_url video video_url file');
const isBeside = (name: string, value: unknown): boolean =>
  !SAID.has(name) && (typeof value !== 'object' || isRawNumber(value) || BESIDE.has(name));

function partText(part: unknown, field: string): string {
  if (typeof part === 'string') return part;
  if (!isObject(part)) throw new UnreadableRow(field, `is ${kindOf(part)}, not a part of a message`);
  const media = Object.keys(part).find((name) => MEDIA.has(name) && !isAbsent(part[name]));
  if (media !== undefined)
    throw new UnreadableRow(`${field}.${media}`, 'holds pictures, sound or film, and only text can be held');
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

const ROLE_FIELDS = ['role', 'from', 'speaker', 'sender', 'author'] as const;
/** `parts` are Google's. */
const TEXT_FIELDS = ['content', 'value', 'text', 'message', 'parts'] as const;
const has = (value: JsonObject, name: string): boolean => Object.hasOwn(value, name);

/** `Role` and `Content` are role and content, too. */
const CAPITALS = names('role content from value');
function withPlainNames(value: JsonObject): JsonObject {
  const names = Object.keys(value);
  const isMeant = (name: string): boolean =>
    !CAPITALS.has(name) && CAPITALS.has(name.toLowerCase()) && !has(value, name.toLowerCase());
  if (!names.some(isMeant)) return value;
  const plain = (name: string): string => (isMeant(name) ? name.toLowerCase() : name);
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [plain(name), entry]));
}

/** A message as tools write it: `{role, content}`, `{from, value}`. */
export function isMessage(given: unknown): given is JsonObject {
  const value = isObject(given) ? withPlainNames(given) : given;
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
export function readMessage(given: unknown, field: string, otherwise: Role | null = null): Message {
  if (!isObject(given)) throw new UnreadableRow(field, `is ${kindOf(given)}, not a message`);
  const value = withPlainNames(given);
  if (hasTypedParts(value)) {
    const [only, another] = splitParts(value, field);
    if (!only || another)
      throw new UnreadableRow(`${field}.content`, 'holds several messages where one is expected');
    return readMessage(only, field, otherwise);
  }
  const role = roleOf(value, field, otherwise);
  const textField = TEXT_FIELDS.find((name) => has(value, name));
  for (const [name, other] of Object.entries(value)) {
    if (name === textField || ROLE_FIELDS.some((known) => known === name) || isAbsent(other)) continue;
    if (isMessagePart(name) || isBeside(name, other)) continue;
    throw new UnreadableRow(
      `${field}.${name}`,
      'is a part of a message that cannot be held so far; leave it out or turn it into text',
    );
  }
  const content = textField === undefined ? undefined : value[textField];
  if (isFunctionCall(value)) return { role, ...callsInText(content, `${field}.${textField}`) };
  const parts = readParts(value, field);
  // A message that only calls tools has no text.
  const isBare = isAbsent(content) && parts.tool_calls !== undefined;
  return {
    role,
    content: isBare ? '' : contentText(content, `${field}.${textField ?? 'content'}`),
    ...parts,
  };
}

/** A question and its answer as one entry: `[q, a]`, `{input, output}`, `{user, assistant}`. */
const TURN_NAMES: readonly (readonly [asked: string, answered: string])[] = [
  ['user', 'assistant'],
  ['human', 'assistant'],
  ['human', 'gpt'],
  ['input', 'output'],
  ['question', 'answer'],
  ['query', 'response'],
  ['prompt', 'response'],
  ['instruction', 'response'],
];

function askedAndAnswered(value: unknown): readonly [unknown, unknown] | null {
  if (Array.isArray(value)) return value.length === 2 ? (value as [unknown, unknown]) : null;
  if (!isObject(value) || ROLE_FIELDS.some((name) => has(value, name))) return null;
  const found = TURN_NAMES.find(([asked, answered]) => has(value, asked) && has(value, answered));
  return found ? [value[found[0]], value[found[1]]] : null;
}

/** One entry of a conversation: a message, or a question and its answer; a last one may wait for it. */
function readTurn(given: unknown, field: string, isLast: boolean): Message[] {
  const value = isObject(given) ? withPlainNames(given) : given;
  const both = askedAndAnswered(value);
  if (!both) {
    if (Array.isArray(value)) throw new UnreadableRow(field, 'is not a pair of a question and its answer');
    if (isObject(value) && hasTypedParts(value))
      return splitParts(value, field).map((message) => readMessage(message, field));
    return [readMessage(value, field)];
  }
  const [asked, answered] = both;
  if (typeof asked !== 'string' || !(typeof answered === 'string' || (isLast && answered === null)))
    throw new UnreadableRow(field, 'is not a pair of a question and its answer');
  const question: Message = { role: 'user', content: asked };
  return answered === null ? [question] : [question, { role: 'assistant', content: answered }];
}

export function readMessages(value: unknown, field: string): Message[] {
  if (!Array.isArray(value)) throw new UnreadableRow(field, `is ${kindOf(value)}, not a list of messages`);
  return value.flatMap((entry: unknown, index) =>
    readTurn(entry, `${field}[${index}]`, index === value.length - 1),
  );
}

/** Whether a list reads as a conversation at all. */
export const isConversation = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((entry) => (isObject(entry) && isMessage(entry)) || askedAndAnswered(entry) !== null);

/** Text written as a text or as a list of text parts. */
export const textOfParts = (value: unknown, field: string): string => contentText(value, field);

/** Messages hold more than role and text: the column is kept beside the pair as well. */
export const holdsMore = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.some(
    (message) =>
      partsHoldMore(message) ||
      (isObject(message) &&
        Object.entries(message).some(
          ([name, other]) =>
            !isAbsent(other) &&
            ![...ROLE_FIELDS, ...TEXT_FIELDS].some((known) => known === name.toLowerCase()) &&
            !isMessagePart(name),
        )),
  );

export const sameMessage = (a: Message | undefined, b: Message | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.role === b.role &&
  a.content === b.content &&
  JSON.stringify(messageKey(a)) === JSON.stringify(messageKey(b));
export const sameMessages = (a: readonly Message[], b: readonly Message[]): boolean =>
  a.length === b.length && a.every((message, index) => sameMessage(message, b[index]));
