/** What messages hold beside their text and templates render: names, thinking, calls of tools. Pure. */
import { MESSAGE_PARTS, type MessageParts } from '#core/preference.ts';
import { shallowJson } from '../json/shallowJson.ts';
import { idText, isAbsent, isObject, isText, type JsonObject, kindOf, UnreadableRow } from '../types.ts';

export const isMessagePart = (name: string): boolean =>
  name === 'function_call' || (MESSAGE_PARTS as readonly string[]).includes(name);

/** A list, or a text that holds one as data sets with fixed columns write it. */
export function listOf(value: unknown, field: string): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  if (isText(value)) {
    const parsed = shallowJson(value);
    if (Array.isArray(parsed)) return parsed as unknown[];
  }
  throw new UnreadableRow(field, `is ${kindOf(value)}, not a list`);
}

function callsOf(value: unknown, field: string): unknown[] {
  const calls = listOf(value, field);
  for (const [index, call] of calls.entries()) {
    const called = isObject(call) && isObject(call.function) ? call.function : call;
    if (!isObject(called) || !isText(called.name))
      throw new UnreadableRow(`${field}[${index}]`, 'names no function that is called');
  }
  return calls;
}

function textOf(value: unknown, field: string): string {
  if (isText(value)) return value;
  throw new UnreadableRow(field, `is ${kindOf(value)}, not text`);
}

/** The parts of one message. */
export function readParts(message: JsonObject, field: string): MessageParts {
  const parts: Record<string, unknown> = {};
  for (const part of MESSAGE_PARTS) {
    const value = message[part];
    if (isAbsent(value)) continue;
    const at = `${field}.${part}`;
    if (part === 'tools') parts[part] = listOf(value, at);
    else if (part === 'tool_calls') parts[part] = callsOf(value, at);
    else if (part === 'tool_call_id') parts[part] = idText(value) ?? textOf(value, at);
    else parts[part] = textOf(value, at);
  }
  // OpenAI's older name of a single call.
  if (isObject(message.function_call) && !isAbsent(message.function_call))
    parts.tool_calls = callsOf(
      [{ type: 'function', function: message.function_call }],
      `${field}.function_call`,
    );
  return parts;
}

/** ShareGPT's `{from: "function_call", value: "{…}"}`: the text is the call. */
export const isFunctionCall = (message: JsonObject): boolean =>
  ['function_call', 'tool_call'].includes(String(message.from ?? message.role));

export function callsInText(text: unknown, field: string): { content: string; tool_calls: unknown[] } {
  const parsed = shallowJson(textOf(text, field));
  const calls = Array.isArray(parsed) ? (parsed as unknown[]) : [parsed];
  if (!calls.every((call) => isObject(call) && isText(call.name)))
    throw new UnreadableRow(field, 'is not the JSON of a call: {"name": …, "arguments": …}');
  return { content: '', tool_calls: calls.map((call) => ({ type: 'function', function: call })) };
}
