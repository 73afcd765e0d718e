/** OpenAI's and Together's preference files: the question under `input.messages`, its tools beside them. */

import type { Found } from '../Row.ts';
import { jsonList } from '../read/jsonText.ts';
import { readPrompt } from '../read/prompt.ts';
import { readTwoReplies } from '../read/replies.ts';
import { isObject, isText, UnreadableRow } from '../types.ts';
import { byOne, pairItem, type Shape } from './Shape.ts';

const OUTPUTS = ['preferred_output', 'non_preferred_output'] as const;

export const openai: Shape = {
  name: 'openai-preference',
  matches: (row) => row.has(...OUTPUTS) && isObject(row.at('input')?.value),
  read: (row) => {
    const [chosen, rejected] = OUTPUTS.map((name) => row.at(name)) as [Found, Found];
    const input = row.at('input')?.value as Record<string, unknown>;
    const messages = jsonList(row, input.messages);
    if (isText(messages))
      throw new UnreadableRow(
        'input.messages',
        /^\s*\[/.test(messages)
          ? 'is text that holds a JSON list; say to read it (--json-texts read)'
          : 'is a text, where the format has a list of messages: [{"role": "user", "content": …}]',
      );
    const inside = row.with({ input: null, ...input, messages, prompt: null });
    const prompt = readPrompt(inside);
    row.use('prompt', 'input');
    row.use('chosen', chosen.field);
    row.use('rejected', rejected.field);
    const rest = Object.entries(input).filter(([name, value]) => name !== 'messages' && value !== null);
    if (rest.length > 0) row.keep('input');
    const two = readTwoReplies(row, prompt, chosen, rejected);
    return [pairItem(row, two, [chosen.field, rejected.field], byOne(row, 'first'))];
  },
};
