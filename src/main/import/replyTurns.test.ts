/** Replies that are more than one text, row by row. */
import { describe, expect, it } from 'vitest';
import { readRow } from './readRow.ts';
import { itemText, problemText } from './testOutcome.ts';

const call = (city: string) => ({ function: { name: 'w', arguments: JSON.stringify({ city }) } });
const user = (content: string) => ({ role: 'user', content });
const said = (content: string, parts = {}) => ({ role: 'assistant', content, ...parts });

const outcomeOf = (row: unknown): string[] => {
  const outcome = readRow(row);
  return outcome.ok ? outcome.items.map((item) => itemText(1, item)) : [problemText(1, outcome.problem)];
};

describe('replies of more than one text', () => {
  it.each<[string, unknown, string]>([
    [
      'a call alone',
      { prompt: [user('Q')], chosen: [said('', { tool_calls: [call('Oslo')] })], rejected: [said('No.')] },
      '1 first ["u:Q"] ["Calls w({\\"city\\":\\"Oslo\\"})","No."] turns 1,0',
    ],
    [
      'thinking and a name',
      {
        prompt: 'Q',
        chosen: [said('A', { reasoning_content: 'hm' })],
        rejected: said('A', { name: 'Bo' }),
      },
      '1 first ["u:Q"] ["Thinking: hm\\n\\nA","Assistant (Bo): A"] turns 1,1',
    ],
    [
      'Arena: several turns on both sides',
      {
        model_a: 'x',
        model_b: 'y',
        winner: 'model_b',
        conversation_a: [user('Q1'), said('A1'), user('Q2'), said('A2')],
        conversation_b: [user('Q1'), said('B1'), user('Q2'), said('B2')],
      },
      '1 second ["u:Q1"] ["A1\\n\\nUser: Q2\\n\\nAssistant: A2","B1\\n\\nUser: Q2\\n\\nAssistant: B2"] turns 3,3 +model_a,model_b',
    ],
    [
      'a tool between two turns',
      {
        chosen: [
          user('Q'),
          said('', { tool_calls: [call('Oslo')] }),
          { role: 'tool', content: '7 C' },
          said('7.'),
        ],
        rejected: [user('Q'), said('Cold.')],
      },
      '1 first ["u:Q"] ["Calls w({\\"city\\":\\"Oslo\\"})\\n\\nTool: 7 C\\n\\nAssistant: 7.","Cold."] turns 3,0',
    ],
    [
      'a dialogue that ends with the tool',
      {
        chosen: [user('Q'), said('', { tool_calls: [call('Oslo')] }), { role: 'tool', content: '7 C' }],
        rejected: [user('Q'), said('Cold.')],
      },
      '1 refused chosen[2]: is by the tool',
    ],
    [
      'dialogues that part at a question',
      {
        chosen: [user('Q'), said('A'), user('X'), said('B')],
        rejected: [user('Q'), said('A'), user('Y'), said('B')],
      },
      '1 refused row: the dialogues part at turn 3',
    ],
    [
      'one dialogue begins the other',
      { chosen: [user('Q'), said('A')], rejected: [user('Q'), said('A'), user('X'), said('B')] },
      '1 refused row: the dialogues part at turn 3',
    ],
    [
      'the same text with other calls is another reply',
      {
        prompt: 'Q',
        chosen: [said('A', { tool_calls: [call('x')] })],
        rejected: [said('A', { tool_calls: [call('x')] })],
      },
      '1 refused row: both replies are the same',
    ],
    [
      'a single with a call',
      { prompt: [user('Q')], completion: [said('', { tool_calls: [call('x')] })], label: true },
      '1 single true ["u:Q"] ["Calls w({\\"city\\":\\"x\\"})"] turns 1',
    ],
    [
      'OpenAI with a call',
      {
        input: { messages: [user('Q')] },
        preferred_output: [said('', { tool_calls: [call('x')] })],
        non_preferred_output: [said('B')],
      },
      '1 first ["u:Q"] ["Calls w({\\"city\\":\\"x\\"})","B"] turns 1,0',
    ],
    [
      'ShareGPT with a call as a reply',
      {
        conversations: [{ from: 'human', value: 'Q' }],
        chosen: { from: 'function_call', value: '{"name": "w", "arguments": {"city": "x"}}' },
        rejected: { from: 'gpt', value: 'B' },
      },
      '1 first ["u:Q"] ["Calls w({\\"city\\":\\"x\\"})","B"] turns 1,0',
    ],
  ])('%s', (_, row, expected) => {
    expect(outcomeOf(row)).toEqual([expected]);
  });
});
