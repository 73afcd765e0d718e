/** Open Assistant's trees: a question with ranked answers, each of which may be asked on, and answered several times again. */
import type { Message } from '#core/preference.ts';
import { Row } from '../Row.ts';
import { type ImportedItem, isObject, isText, type JsonObject, UnreadableRow } from '../types.ts';
import { rankedReplies } from './rankedReplies.ts';
import type { Shape } from './Shape.ts';

interface Node {
  readonly field: string;
  readonly value: JsonObject;
  /** From the root to this message. */
  readonly path: readonly Message[];
}

function nodeOf(field: string, value: unknown, before: readonly Message[]): Node {
  if (!isObject(value) || !isText(value.text)) throw new UnreadableRow(field, 'is no message with a text');
  if (value.role !== 'prompter' && value.role !== 'assistant')
    throw new UnreadableRow(`${field}.role`, 'is neither prompter nor assistant');
  const role = value.role === 'prompter' ? 'user' : 'assistant';
  return { field, value, path: [...before, { role, content: value.text }] };
}

const repliesOf = ({ field, value, path }: Node): Node[] =>
  (Array.isArray(value.replies) ? (value.replies as unknown[]) : []).map((reply, index) =>
    nodeOf(`${field}.replies[${index}]`, reply, path),
  );

/** Every question with two answers or more, the first asked first. */
function* questions(root: Node): Generator<{ question: Node; answers: Node[] }> {
  const open = [root];
  for (let node = open.pop(); node; node = open.pop()) {
    const next = repliesOf(node);
    const answers = next.filter(({ value }) => value.role === 'assistant' && value.deleted !== true);
    if (node.value.role === 'prompter' && answers.length >= 2) yield { question: node, answers };
    open.push(...next.toReversed());
  }
}

/** All that an entry says but what was said after it. */
const alone = ({ value }: Node): JsonObject => ({ ...value, replies: null });

export const oasst: Shape = {
  name: 'trees',
  matches: (row) => {
    const prompt = row.at('prompt')?.value;
    return isObject(prompt) && isText(prompt.text) && Array.isArray(prompt.replies);
  },
  read: (row) => {
    row.use('replies', 'prompt');
    const { prompt: _prompt, ...columns } = row.value;
    const items = [...questions(nodeOf('prompt', row.value.prompt, []))].flatMap(
      ({ question, answers }): ImportedItem[] => {
        const id = question.value.message_id;
        const inside = new Row(
          { ...columns, ...(isText(id) && { id }), prompt: question.path, replies: answers.map(alone) },
          { ...row.rules, map: undefined },
        );
        const differ = answers.some(({ value }) => value.text !== answers[0]?.value.text);
        return differ ? rankedReplies.read(inside) : [];
      },
    );
    if (items.length === 0)
      throw new UnreadableRow('prompt.replies', 'holds no question with two answers to choose between');
    return items;
  },
};
