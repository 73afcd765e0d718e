/** Messages whose content is a list of typed parts, as Anthropic writes them: text, thinking, calls of tools and their results. Pure. */
import { idText, isAbsent, isObject, isText, type JsonObject, UnreadableRow } from '../types.ts';

const TYPES = ['tool_use', 'tool_result', 'thinking'];
const KEPT_BESIDE = ['signature', 'is_error', 'cache_control', 'citations'];
const isPart = (value: unknown, ...types: string[]): value is JsonObject =>
  isObject(value) && types.includes(String(value.type));

const partsIn = (message: unknown): readonly unknown[] =>
  isObject(message) && Array.isArray(message.content) ? (message.content as unknown[]) : [];

/** Whether some part is more than text. */
export const hasTypedParts = (message: JsonObject): boolean =>
  partsIn(message).some((part) => isPart(part, ...TYPES));

/** Whether parts say more than a message keeps: a signature, that a tool failed. */
export const partsHoldMore = (message: unknown): boolean =>
  partsIn(message).some((part) => isObject(part) && KEPT_BESIDE.some((name) => !isAbsent(part[name])));

function textIn(part: JsonObject, name: string, field: string): string {
  const value = part[name];
  if (isText(value)) return value;
  throw new UnreadableRow(`${field}.${name}`, 'is missing');
}

function callOf(part: JsonObject, field: string): JsonObject {
  const call = { name: textIn(part, 'name', field), arguments: part.input ?? {} };
  const id = idText(part.id);
  return { ...(id !== null && { id }), type: 'function', function: call };
}

const resultOf = (part: JsonObject, field: string): JsonObject => ({
  role: 'tool',
  tool_call_id: textIn(part, 'tool_use_id', field),
  content: part.content ?? '',
});

/** Calls and thinking of one message, and the parts that are left as its content. */
function withCalls(message: JsonObject, parts: readonly unknown[], field: string): JsonObject {
  const [texts, calls, thoughts]: [unknown[], JsonObject[], string[]] = [[], [], []];
  for (const [index, part] of parts.entries()) {
    const at = `${field}.content[${index}]`;
    if (isPart(part, 'tool_use')) calls.push(callOf(part, at));
    else if (calls.length > 0)
      throw new UnreadableRow(
        at,
        'stands behind a call of a tool, where a message holds nothing; make it a message of its own',
      );
    else if (!isPart(part, 'thinking')) texts.push(part);
    else if (texts.length === 0) thoughts.push(textIn(part, 'thinking', at));
    else
      throw new UnreadableRow(
        at,
        'is thinking behind text, where a message holds none; make it a message of its own',
      );
  }
  return {
    ...message,
    content: texts.length > 0 ? texts : '',
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(thoughts.length > 0 && { thinking: thoughts.join('\n\n') }),
  };
}

/** One message with such parts as the messages that it is: the results of tools are messages of their own. */
export function splitParts(message: JsonObject, field: string): JsonObject[] {
  const groups: unknown[][] = [];
  let isOpen = false;
  const messages: JsonObject[] = [];
  const close = (): void => {
    const parts = groups.pop();
    if (parts) messages.push(withCalls(message, parts, field));
    isOpen = false;
  };
  for (const [index, part] of partsIn(message).entries()) {
    if (isPart(part, 'tool_result')) {
      close();
      messages.push(resultOf(part, `${field}.content[${index}]`));
      continue;
    }
    if (!isOpen) groups.push([]);
    isOpen = true;
    groups.at(-1)?.push(part);
  }
  close();
  return messages;
}
