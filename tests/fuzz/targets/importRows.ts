/** Rows in the shapes that people have, to be damaged: one or two of each kind that an import reads. */
import { NAMES } from '#main/import/fields.ts';

const user = (content: unknown) => ({ role: 'user', content });
const assistant = (content: unknown) => ({ role: 'assistant', content });
const call = { id: 'c1', type: 'function', function: { name: 'w', arguments: '{"city": "Oslo"}' } };

export const ROWS: readonly Record<string, unknown>[] = [
  { prompt: 'The grass is', chosen: ' green.', rejected: ' blue.' },
  { prompt: [user('What colour?')], chosen: [assistant('Green.')], rejected: [assistant('Blue.')] },
  {
    chosen: [user('Q'), assistant('A')],
    rejected: [user('Q'), assistant('B')],
    score_chosen: 2,
    score_rejected: 1,
  },
  { chosen: '\n\nHuman: Q\n\nAssistant: A', rejected: '\n\nHuman: Q\n\nAssistant: B' },
  { prompt: 'Grass is', completion: ' green.', label: true },
  { instruction: 'Add.', input: '1+1', output: ['2', '3'], history: [['a', 'b']], system: 'Be brief.' },
  {
    conversations: [{ from: 'human', value: 'Weather?' }],
    chosen: { from: 'gpt', value: 'Which town?' },
    rejected: { from: 'gpt', value: 'Sunny.' },
    tools: '[{"name": "get_weather"}]',
  },
  {
    instruction: 'Name a fruit.',
    models: ['a', 'b'],
    completions: [
      { response: 'Apple.', overall_score: 8, annotations: { helpfulness: { Rating: '4' } } },
      { response: 'Stone.', overall_score: 2, annotations: { helpfulness: { Rating: 'N/A' } } },
    ],
  },
  {
    input: { messages: [user('How cold?')] },
    preferred_output: [assistant('7 C.')],
    non_preferred_output: [assistant('It is not.')],
  },
  { prompt: 'Q?', response_0: 'A0', response_1: 'A1', better_response_id: 1, safer_response_id: 0 },
  {
    question_id: '1',
    model_a: 'm',
    model_b: 'n',
    winner: 'tie (bothbad)',
    conversation_a: [user('Q'), assistant('A')],
    conversation_b: [user('Q'), assistant('B')],
  },
  { prompt: 'Q', responses: ['a', 'b', 'c'], ranks: [2, 1, 3], scores: [0.1, 0.9, 0.5] },
  {
    id: 7,
    data: { prompt: 'Q', answer1: 'A', answer2: 'B' },
    annotations: [{ completed_by: { id: 1 }, result: [{ type: 'pairwise', value: { selected: 'left' } }] }],
  },
  {
    id: 'r1',
    status: 'completed',
    fields: { prompt: 'Q', response1: 'A', response2: 'B' },
    responses: [{ user_id: 'u1', status: 'submitted', values: { preference: { value: 'response1' } } }],
  },
  {
    messages: [user('Weather?'), { role: 'assistant', content: null, tool_calls: [call] }],
    chosen: [{ role: 'tool', tool_call_id: 'c1', content: '7 C' }, assistant('7 C.')],
    rejected: [{ role: 'tool', tool_call_id: 'c1', content: '7 C' }, assistant('Cold.')],
  },
  { messages: [user([{ type: 'text', text: 'Part.' }]), assistant('A')], rejected_response: 'B' },
  { prompt: 'Q', a: 'A', b: 'B', verdict: 'a', annotator: 'p1', strength: 3, aspect: 'tone', source: 's' },
  { columns: ['prompt', 'chosen', 'rejected'], data: [['Q', 'A', 'B']] },
  { prompt: { 0: 'Q1', 1: 'Q2' }, chosen: { 0: 'A', 1: 'A' }, rejected: { 0: 'B', 1: 'B' } },
];

/** What readers look for in a row, at any depth. */
export const KEYS: readonly string[] = [
  ...new Set([
    ...Object.values(NAMES).flat(),
    ...ROWS.flatMap((row) => Object.keys(row)),
    ...'role content from value type text tool_calls function arguments name parameters'.split(' '),
    ...'response rating score rank values fields result completed_by response_a response_b output_1 output_2'.split(
      ' ',
    ),
    ...'facet history tags excluded a b decision decisions'.split(' '),
  ]),
];
