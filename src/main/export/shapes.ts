/** Pairs in the shapes of other tools. A shape that cannot hold a pair says why. Pure. */
import { type Message, partsOf } from '#core/preference.ts';
import { messagesOfReply } from '#core/replyTurns.ts';
import type { ExportShape } from '#shared/dataEntities.ts';
import type { ExportedPair, ExportedSingle } from '../data/exportRows.ts';
import { parseExact } from '../import/json/rawJson.ts';
import type { Label } from './labels.ts';

export type ExportRow = Readonly<Record<string, unknown>>;
export type Shaped = { readonly row: ExportRow } | { readonly lost: string };

/** Columns that go with a pair in shapes that allow further ones. */
function beside({ itemId, source, aspect }: ExportedPair, { annotator }: Label): ExportRow {
  return {
    ...(itemId !== null && { id: itemId }),
    source: source.name,
    ...(aspect !== null && { aspect }),
    ...(annotator !== null && { annotator }),
  };
}
/** Without the tools on offer, which stand apart in every shape that has them. */
const whole = ({ tools: _, ...message }: Message): Message => message;
const isRecord = (value: unknown): value is ExportRow =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A call with its arguments as the tool wants them; what is no JSON object stays as it is. */
function callWith(call: unknown, written: (given: unknown) => unknown): unknown {
  if (!isRecord(call)) return call;
  if (isRecord(call.function)) return { ...call, function: callWith(call.function, written) };
  return call.arguments === undefined ? call : { ...call, arguments: written(call.arguments) };
}
/** Chat templates write arguments as JSON themselves: a text would be quoted a second time. */
function asObject(given: unknown): unknown {
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
const forTemplates = (message: Message): Message => withCalls(message, asObject);
const forOpenai = (message: Message): Message => withCalls(message, asText);

const toolsOf = ({ messages }: ExportedPair): readonly unknown[] | undefined => messages[0]?.tools;
/** The first part beside text that messages have, of those that a shape cannot hold. */
function heldPart(messages: readonly Message[], fits: readonly string[] = []): string | null {
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
function sides(pair: ExportedPair, { verdict }: Label): Sides | null {
  const [a, b] = [messagesOfReply(pair.a, pair.aTurns), messagesOfReply(pair.b, pair.bTurns)];
  if (verdict === 'a') return { chosen: a, rejected: b };
  return verdict === 'b' ? { chosen: b, rejected: a } : null;
}
/** Of tools that take one message as a reply. */
function singleMessages({ chosen, rejected }: Sides): { chosen: Message; rejected: Message } | null {
  const [x, y] = [chosen[0], rejected[0]];
  return x && y && chosen.length === 1 && rejected.length === 1 ? { chosen: x, rejected: y } : null;
}
const NO_PREFERENCE: Shaped = { lost: 'neither reply is preferred' };

function trl(pair: ExportedPair, label: Label): Shaped {
  const found = sides(pair, label);
  if (!found) return NO_PREFERENCE;
  const { chosen, rejected } = found;
  const prompt = pair.messages.map(forTemplates);
  const tools = toolsOf(pair);
  return {
    row: {
      prompt,
      chosen: chosen.map(forTemplates),
      rejected: rejected.map(forTemplates),
      ...(tools && { tools }),
      ...beside(pair, label),
    },
  };
}

function axolotl(pair: ExportedPair, label: Label): Shaped {
  const found = sides(pair, label);
  if (!found) return NO_PREFERENCE;
  const messages = pair.messages.map(forTemplates);
  const tools = toolsOf(pair);
  if (messages.at(-1)?.role === 'assistant')
    return { lost: 'Axolotl would read the last turn of the prompt as a reply' };
  const replies = singleMessages(found);
  if (!replies) return { lost: 'Axolotl takes one message as a reply' };
  return {
    row: {
      messages,
      chosen: forTemplates(replies.chosen),
      rejected: forTemplates(replies.rejected),
      ...(tools && { tools }),
      ...beside(pair, label),
    },
  };
}

function openai(pair: ExportedPair, label: Label): Shaped {
  const found = sides(pair, label);
  if (!found) return NO_PREFERENCE;
  const replies = [...found.chosen, ...found.rejected];
  const part = heldPart([...pair.messages, ...replies], ['name', 'tool_calls', 'tool_call_id', 'tools']);
  if (part !== null) return { lost: `OpenAI has no ${part} in messages` };
  const other = replies.find(({ role }) => role !== 'assistant' && role !== 'tool');
  if (other) return { lost: `OpenAI has no ${other.role} message in a reply` };
  return {
    row: {
      input: {
        messages: pair.messages.map(forOpenai),
        tools: toolsOf(pair) ?? [],
        parallel_tool_calls: true,
      },
      preferred_output: found.chosen.map(forOpenai),
      non_preferred_output: found.rejected.map(forOpenai),
    },
  };
}

const LF_ROLES = { user: 'human', assistant: 'gpt', tool: 'observation' } as const;

/** LLaMA-Factory wants people and models in turn, a person last, and one system prompt apart. */
function llamaFactory(pair: ExportedPair, label: Label): Shaped {
  const found = sides(pair, label);
  if (!found) return NO_PREFERENCE;
  const part = heldPart([...pair.messages, ...found.chosen, ...found.rejected]);
  if (part !== null) return { lost: `LLaMA-Factory has no ${part} in messages` };
  const replies = singleMessages(found);
  if (!replies) return { lost: 'LLaMA-Factory takes one message as a reply' };
  const [first] = pair.messages;
  const system = first?.role === 'system' ? first.content : '';
  const talk = first?.role === 'system' ? pair.messages.slice(1) : pair.messages;
  const conversations: { from: string; value: string }[] = [];
  for (const [index, { role, content }] of talk.entries()) {
    if (role === 'system' || role === 'developer')
      return { lost: `LLaMA-Factory has no ${role} message there` };
    const fits = index % 2 === 0 ? role === 'user' || role === 'tool' : role === 'assistant';
    if (!fits) return { lost: 'LLaMA-Factory wants turns of a person and the model in alternation' };
    conversations.push({ from: LF_ROLES[role], value: content });
  }
  if (conversations.length % 2 === 0) return { lost: 'LLaMA-Factory wants a prompt that ends with a person' };
  return {
    row: {
      conversations,
      chosen: { from: 'gpt', value: replies.chosen.content },
      rejected: { from: 'gpt', value: replies.rejected.content },
      system,
      ...beside(pair, label),
    },
  };
}

const ARGILLA = { a: 'response-1', b: 'response-2', tie: 'tie', both_bad: 'both_bad' } as const;

/** Every person's verdict on one record; the prompt is a list of messages (Argilla's chat field). */
export function argilla(pair: ExportedPair): ExportRow {
  const { id, itemId, messages, a, b, aTurns, bTurns, standing, source, aspect } = pair;
  return {
    id: itemId ?? `pair-${id}`,
    fields: {
      prompt: messages.map(({ role, content }) => ({ role, content })),
      'response-1': a,
      'response-2': b,
    },
    responses: {
      preference: standing.flatMap(({ annotator, decision }) =>
        decision === 'skip' ? [] : [{ value: ARGILLA[decision], user_id: annotator, status: 'submitted' }],
      ),
    },
    metadata: {
      source: source.name,
      ...(aspect !== null && { aspect }),
      // The chat field holds role and text.
      ...(messages.some(partsOf) && { messages: JSON.stringify(messages) }),
      ...((aTurns ?? bTurns) && {
        replies: JSON.stringify([messagesOfReply(a, aTurns), messagesOfReply(b, bTurns)]),
      }),
    },
  };
}

const stored = (metadata: string | null): unknown => (metadata === null ? null : parseExact(metadata));

/** All of it; the field `facet` tells the importer. */
export function facetRow({
  id,
  source,
  aspect,
  messages,
  a,
  b,
  aTurns,
  bTurns,
  itemId,
  metadata,
  history,
  marks,
}: ExportedPair): ExportRow {
  return {
    ...{ facet: 'pair', id, itemId, source, aspect, messages, a, b, metadata: stored(metadata), history },
    ...(aTurns && { aTurns }),
    ...(bTurns && { bTurns }),
    ...(marks && marks.tags.length > 0 && { tags: marks.tags }),
    ...(marks?.excluded && { excluded: true }),
    ...(marks?.first && { first: true }),
  };
}
export function facetSingle({ desirable, messages, turns, metadata, ...single }: ExportedSingle): ExportRow {
  return {
    facet: 'single',
    ...single,
    messages: JSON.parse(messages) as unknown,
    ...(turns !== null && { turns: JSON.parse(turns) as unknown }),
    desirable: desirable === 1,
    metadata: stored(metadata),
  };
}

export const PREFERENCE_SHAPES: Readonly<
  Record<Exclude<ExportShape, 'facet' | 'argilla'>, (pair: ExportedPair, label: Label) => Shaped>
> = { trl, 'llama-factory': llamaFactory, axolotl, openai };

const A_MESSAGE = { role: '', content: '' };
const A_TURN = { from: '', value: '' };
const BESIDE = { id: '', source: '', aspect: '', annotator: '' };

/** A row of each shape, for the types of a table's columns; a text may also stand for a value as JSON. */
export const EXAMPLES: Readonly<Record<ExportShape, ExportRow>> = {
  facet: {
    ...{ facet: '', id: 0, itemId: '', source: '', aspect: '', messages: '', a: '', b: '', reply: '' },
    ...{
      desirable: false,
      metadata: '',
      history: '',
      aTurns: '',
      bTurns: '',
      turns: '',
      tags: '',
      excluded: false,
      first: false,
    },
  },
  trl: { prompt: [A_MESSAGE], chosen: [A_MESSAGE], rejected: [A_MESSAGE], ...BESIDE },
  'llama-factory': { conversations: [A_TURN], chosen: A_TURN, rejected: A_TURN, system: '', ...BESIDE },
  axolotl: { messages: [A_MESSAGE], chosen: A_MESSAGE, rejected: A_MESSAGE, ...BESIDE },
  argilla: {
    id: '',
    fields: { prompt: [A_MESSAGE], 'response-1': '', 'response-2': '' },
    responses: { preference: [{ value: '', user_id: '', status: '' }] },
    metadata: { source: '', aspect: '' },
  },
  openai: {
    input: { messages: [A_MESSAGE], tools: [''], parallel_tool_calls: true },
    preferred_output: [A_MESSAGE],
    non_preferred_output: [A_MESSAGE],
  },
};
