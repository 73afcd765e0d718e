/** Pairs in the shapes of other tools. A shape that cannot hold a pair says why. Pure. */
import { type Message, partsOf } from '#core/preference.ts';
import { messagesOfReply, textOfTurns } from '#core/replyTurns.ts';
import type { ExportShape } from '#shared/dataEntities.ts';
import type { ExportedPair, ExportedSingle } from '../data/exportRows.ts';
import { parseExact } from '../import/json/rawJson.ts';
import type { Label } from './labels.ts';
import { llamaFactory } from './llamaFactory.ts';
import {
  beside,
  type ExportRow,
  forOpenai,
  forTemplates,
  heldPart,
  NO_PREFERENCE,
  type Shaped,
  sides,
  singleMessages,
  toolsOf,
} from './shapeParts.ts';

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

/** Its `chat_template.default` hands role and text to the template and drops the rest, and fails on a role it does not know. */
function axolotl(pair: ExportedPair, label: Label): Shaped {
  const found = sides(pair, label);
  if (!found) return NO_PREFERENCE;
  const { messages } = pair;
  if (messages.at(-1)?.role === 'assistant')
    return { lost: 'Axolotl would read the last turn of the prompt as a reply' };
  if (messages.some(({ role }) => role === 'developer')) return { lost: 'Axolotl has no developer message' };
  const replies = singleMessages(found);
  if (!replies) return { lost: 'Axolotl takes one message as a reply' };
  const part = heldPart([...messages, replies.chosen, replies.rejected]);
  if (part !== null) return { lost: `Axolotl has no ${part} in messages` };
  return { row: { messages, ...replies, ...beside(pair, label) } };
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

const withoutTools = ({ tools: _, ...message }: Message): Message => message;
const ARGILLA = { a: 'response-1', b: 'response-2', tie: 'tie', both_bad: 'both_bad' } as const;

/** Every person's verdict on one record; the prompt is a list of messages (Argilla's chat field). */
export function argilla(pair: ExportedPair): ExportRow {
  const { id, itemId, messages, a, b, aTurns, bTurns, standing, source, aspect } = pair;
  return {
    id: itemId ?? `pair-${id}`,
    fields: {
      // Calls and thinking are read out: the chat field holds role and text.
      prompt: messages.map((message) => ({
        role: message.role,
        content: partsOf(message) === null ? message.content : textOfTurns([withoutTools(message)]),
      })),
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
      // What an import needs to read the messages as they were.
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
  sets,
  ratings,
}: ExportedPair): ExportRow {
  return {
    ...{ facet: 'pair', id, itemId, source, aspect, messages, a, b, metadata: stored(metadata), history },
    ...(aTurns && { aTurns }),
    ...(bTurns && { bTurns }),
    ...(marks && marks.tags.length > 0 && { tags: marks.tags }),
    ...(marks?.excluded && { excluded: true }),
    ...(marks?.first && { first: true }),
    ...(marks?.gold && { gold: marks.gold }),
    ...(sets.length > 0 && { sets }),
    ...(ratings.length > 0 && { ratings }),
    ...(marks?.written !== undefined && { written: marks.written }),
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
  Record<
    Exclude<ExportShape, 'facet' | 'argilla' | 'trl-unpaired'>,
    (pair: ExportedPair, label: Label) => Shaped
  >
> = { trl, 'llama-factory': llamaFactory, axolotl, openai };

const A_MESSAGE = { role: '', content: '' };
const A_TURN = { from: '', value: '' };
const UNPAIRED_BESIDE = { id: '', source: '', aspect: '' };
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
      gold: '',
      sets: '',
      ratings: '',
      written: '',
      guidelines: '',
    },
  },
  trl: { prompt: [A_MESSAGE], chosen: [A_MESSAGE], rejected: [A_MESSAGE], ...BESIDE },
  'trl-unpaired': { prompt: [A_MESSAGE], completion: [A_MESSAGE], label: true, ...UNPAIRED_BESIDE },
  'llama-factory': {
    conversations: [A_TURN],
    chosen: A_TURN,
    rejected: A_TURN,
    system: '',
    tools: '',
    ...BESIDE,
  },
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
