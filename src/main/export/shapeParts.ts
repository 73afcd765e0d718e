/** What the shapes of other tools have in common: sides, calls as a tool wants them, what stands beside a pair. Pure. */
import { type Message, partsOf } from '#core/preference.ts';
import { messagesOfReply } from '#core/replyTurns.ts';
import type { ExportedPair } from '../data/exportRows.ts';
import { parseExact } from '../import/json/rawJson.ts';
import type { Label } from './labels.ts';

export type ExportRow = Readonly<Record<string, unknown>>;
export type Shaped = { readonly row: ExportRow } | { readonly lost: string };

/** Columns that go with a pair in shapes that allow further ones. */
export function beside(
  { itemId, source, aspect }: ExportedPair,
  { annotator, probability }: Label,
): ExportRow {
  return {
    ...(itemId !== null && { id: itemId }),
    source: source.name,
    ...(aspect !== null && { aspect }),
    ...(annotator !== null && { annotator }),
    ...(probability !== undefined && { label_probability: Number(probability.toFixed(4)) }),
  };
}
/** Without the tools on offer, which stand apart in every shape that has them. */
const whole = ({ tools: _, ...message }: Message): Message => message;
export const isRecord = (value: unknown): value is ExportRow =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A call with its arguments as the tool wants them; what is no JSON object stays as it is. */
function callWith(call: unknown, written: (given: unknown) => unknown): unknown {
  if (!isRecord(call)) return call;
  if (isRecord(call.function)) return { ...call, function: callWith(call.function, written) };
  return call.arguments === undefined ? call : { ...call, arguments: written(call.arguments) };
}
/** Chat templates write arguments as JSON themselves: a text would be quoted a second time. */
export function asObject(given: unknown): unknown {
  if (typeof given !== 'string') return given;
  try {
    const parsed = parseExact(given);
    return isRecord(parsed) ? parsed : given;
  } catch {
    return given;
  }
}
/** OpenAI has arguments as text. */
const asText = (given: unknown): unknown => (typeof given === 'string' ? given : JSON.stringify(given));
const withCalls = (message: Message, written: (given: unknown) => unknown): Message => {
  const { tool_calls: calls, ...rest } = whole(message);
  return calls ? { ...rest, tool_calls: calls.map((call) => callWith(call, written)) } : rest;
};
export const forTemplates = (message: Message): Message => withCalls(message, asObject);
export const forOpenai = (message: Message): Message => withCalls(message, asText);

export const toolsOf = ({ messages }: ExportedPair): readonly unknown[] | undefined => messages[0]?.tools;
/** The first part beside text that messages have, of those that a shape cannot hold. */
export function heldPart(messages: readonly Message[], fits: readonly string[] = []): string | null {
  const parts = messages.flatMap((message) => Object.keys(partsOf(message) ?? {}));
  return parts.find((part) => !fits.includes(part)) ?? null;
}

/** Whether any message of a pair is more than role and text. */
export const hasParts = ({ messages, aTurns, bTurns }: ExportedPair): boolean =>
  heldPart([...messages, ...(aTurns ?? []), ...(bTurns ?? [])]) !== null;

interface Sides {
  readonly chosen: readonly Message[];
  readonly rejected: readonly Message[];
}
export function sides(pair: ExportedPair, { verdict }: Label): Sides | null {
  const [a, b] = [messagesOfReply(pair.a, pair.aTurns), messagesOfReply(pair.b, pair.bTurns)];
  if (verdict === 'a') return { chosen: a, rejected: b };
  return verdict === 'b' ? { chosen: b, rejected: a } : null;
}
/** Of tools that take one message as a reply. */
export function singleMessages({ chosen, rejected }: Sides): { chosen: Message; rejected: Message } | null {
  const [x, y] = [chosen[0], rejected[0]];
  return x && y && chosen.length === 1 && rejected.length === 1 ? { chosen: x, rejected: y } : null;
}
export const NO_PREFERENCE: Shaped = { lost: 'neither reply is preferred' };
