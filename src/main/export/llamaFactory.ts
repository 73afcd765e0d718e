/** LLaMA-Factory's ShareGPT form: turns in alternation, calls as `function_call` turns, one system prompt and the tools apart. Pure. */
import type { Message } from '#core/preference.ts';
import type { ExportedPair } from '../data/exportRows.ts';
import type { Label } from './labels.ts';
import {
  asObject,
  beside,
  heldPart,
  isRecord,
  NO_PREFERENCE,
  type Shaped,
  sides,
  singleMessages,
  toolsOf,
} from './shapeParts.ts';

interface Turn {
  readonly from: 'human' | 'gpt' | 'observation' | 'function_call';
  readonly value: string;
}
type Held = { readonly turn: Turn } | { readonly lost: string };

const FROM = { user: 'human', assistant: 'gpt', tool: 'observation' } as const;

/** `{"name": …, "arguments": {…}}`; several as a list. Null where a call says more than that. */
function callsText(calls: readonly unknown[]): string | null {
  const named = calls.map((call) => {
    const called = isRecord(call) && isRecord(call.function) ? call.function : call;
    if (!isRecord(called)) return null;
    const { name, arguments: given = {}, ...others } = called;
    const args = asObject(given);
    return typeof name === 'string' &&
      isRecord(args) &&
      Object.keys(others).every((other) => other === 'type' || other === 'id')
      ? { name, arguments: args }
      : null;
  });
  return named.includes(null) ? null : JSON.stringify(named.length === 1 ? named[0] : named);
}

function turnOf(message: Message): Held {
  const { role, content, tool_calls: calls } = message;
  // A result follows its call: neither needs an id, nor the function's name.
  const fits = role === 'tool' ? ['name', 'tool_call_id', 'tools'] : ['tool_calls', 'tools'];
  const part = heldPart([message], fits);
  if (part !== null) return { lost: `LLaMA-Factory has no ${part} in messages` };
  if (role === 'system' || role === 'developer')
    return { lost: `LLaMA-Factory has no ${role} message there` };
  if (!calls) return { turn: { from: FROM[role], value: content } };
  if (content !== '') return { lost: 'LLaMA-Factory has no text beside a call' };
  const value = callsText(calls);
  return value === null
    ? { lost: 'LLaMA-Factory wants a call as a name and an object of arguments' }
    : { turn: { from: 'function_call', value } };
}

/** Whether a turn stands where people and tools speak, or where the model does. */
const isAsked = ({ from }: Turn): boolean => from === 'human' || from === 'observation';

export function llamaFactory(pair: ExportedPair, label: Label): Shaped {
  const found = sides(pair, label);
  if (!found) return NO_PREFERENCE;
  const replies = singleMessages(found);
  if (!replies) return { lost: 'LLaMA-Factory takes one message as a reply' };
  const [first] = pair.messages;
  const hasSystem = first?.role === 'system';
  const beyond = hasSystem ? heldPart([first], ['tools']) : null;
  if (beyond !== null) return { lost: `LLaMA-Factory has no ${beyond} in messages` };
  const conversations: Turn[] = [];
  for (const [index, message] of (hasSystem ? pair.messages.slice(1) : pair.messages).entries()) {
    const held = turnOf(message);
    if ('lost' in held) return held;
    if (isAsked(held.turn) !== (index % 2 === 0))
      return { lost: 'LLaMA-Factory wants turns of a person and the model in alternation' };
    conversations.push(held.turn);
  }
  if (conversations.length % 2 === 0) return { lost: 'LLaMA-Factory wants a prompt that ends with a person' };
  const [chosen, rejected] = [turnOf(replies.chosen), turnOf(replies.rejected)];
  if ('lost' in chosen) return chosen;
  if ('lost' in rejected) return rejected;
  const tools = toolsOf(pair);
  return {
    row: {
      conversations,
      chosen: chosen.turn,
      rejected: rejected.turn,
      system: hasSystem ? first.content : '',
      // As a text, which a table's column holds as well.
      tools: tools ? JSON.stringify(tools) : '',
      ...beside(pair, label),
    },
  };
}
