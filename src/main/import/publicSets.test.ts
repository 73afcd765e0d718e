/** Rows as the tools and public sets of their name write them, with what was checked by hand to be right of each. */
import { describe, expect, it } from 'vitest';
import { readRow } from './readRow.ts';
import { itemText, problemText } from './testOutcome.ts';

const turn = (role: string, content: unknown) => ({ role, content });
const user = (content: unknown) => turn('user', content);
const assistant = (content: unknown) => turn('assistant', content);
const outcome = (row: unknown): string[] => {
  const read = readRow(row);
  return read.ok ? read.items.map((item) => itemText(1, item)) : [problemText(1, read.problem)];
};

const answer = (text: string, rank: number | null, replies: unknown[] = [], more = {}) => ({
  message_id: `m-${text}`,
  parent_id: 'p',
  text,
  role: 'assistant',
  rank,
  labels: { quality: { value: 0.5, count: 3 } },
  deleted: false,
  replies,
  ...more,
});
const asked = (id: string, text: string, replies: unknown[]) => ({
  message_id: id,
  text,
  role: 'prompter',
  replies,
});

describe("Open Assistant's trees", () => {
  it('give the answers to each question, by their ranks, after what was said before', () => {
    const further = asked('t2', 'And?', [answer('D', 1), answer('C', 0)]);
    const prompt = asked('t1', 'Q', [
      answer('B', 1),
      answer('A', 0, [further]),
      answer('X', 2, [], { deleted: true }),
    ]);
    expect(outcome({ message_tree_id: 't1', tree_state: 'ready_for_export', prompt })).toEqual([
      '1 first ["u:Q"] ["A","B"] #t1 +message_tree_id,tree_state,replies',
      '1 first ["u:Q","a:A","u:And?"] ["C","D"] #t2 +message_tree_id,tree_state,replies',
    ]);
  });
  it('without ranks are for people to decide, and with one answer hold nothing to choose', () => {
    const tree = (replies: unknown[]) => ({ message_tree_id: 't1', prompt: asked('t1', 'Q', replies) });
    expect(outcome(tree([answer('B', null), answer('A', null)]))).toEqual([
      '1 unlabelled ["u:Q"] ["B","A"] #t1 +message_tree_id,replies',
    ]);
    expect(outcome(tree([answer('A', 0)]))).toEqual([
      '1 refused prompt.replies: holds no question with two answers to choose between',
    ]);
    expect(outcome({ message_id: 'm', parent_id: null, text: 'Q', role: 'prompter', rank: null })).toEqual([
      '1 refused row: is one message of a tree',
    ]);
  });
});

describe('rows of public sets', () => {
  const context = [user('Q')];
  it.each<[string, object, string[]]>([
    [
      'HelpSteer 2, preference',
      {
        split: 'train',
        prompt: 'c#',
        response_1: 'A\n',
        response_2: 'B',
        preference_strength: 2,
        preference_statement: 'Response 2 is better than Response 1',
        all_preferences_unprocessed: [{ strength: 1, statement: 's', elaboration: 'e' }],
      },
      ['1 second*2 ["u:c#"] ["A\\n","B"] +split,preference_statement,all_preferences_unprocessed'],
    ],
    [
      'HelpSteer 2, no preference',
      {
        prompt: 'c#',
        response_1: 'A',
        response_2: 'B',
        preference_strength: 0,
        preference_elaboration: null,
      },
      ['1 tie ["u:c#"] ["A","B"]'],
    ],
    [
      'HelpSteer 3',
      {
        domain: 'code',
        language: 'python',
        context: [user('Q'), assistant('R'), user('Q2')],
        response1: 'A',
        response2: 'B',
        overall_preference: -3,
        individual_preference: [{ score: -3, reasoning: 'r', feedback1: 'f', feedback2: 'g' }],
      },
      ['1 first*3 ["u:Q","a:R","u:Q2"] ["A","B"] +domain,language,individual_preference'],
    ],
    [
      'HelpSteer 3, quality of edits',
      {
        domain: 'general',
        language: 'english',
        context,
        original_response: 'O',
        good_edited_response: 'G',
        bad_edited_response: 'B',
        feedback: ['f'],
      },
      ['1 first ["u:Q"] ["G","B"] +domain,language,original_response,feedback'],
    ],
    [
      'Preference Collection: the judge’s instruction is no part of the question',
      {
        orig_instruction: 'Q',
        orig_response_A: 'A',
        orig_response_B: 'B',
        orig_preference: 'B',
        instruction: 'Evaluate: Q',
        input: '',
        output: 'B',
      },
      ['1 second ["u:Q"] ["A","B"] +instruction,input,output'],
    ],
    [
      'UltraInteract: the task is its kind, the trajectory the question',
      {
        task: 'Coding',
        dataset: 'd',
        trajectory: [
          { from: 'user', value: 'Q' },
          { from: 'assistant', value: 'R' },
          { from: 'user', value: 'Q2' },
        ],
        chosen: 'A',
        rejected: 'B',
        id: '0',
        parent_id: '1',
      },
      ['1 first ["u:Q","a:R","u:Q2"] ["A","B"] #0 +task,dataset,parent_id'],
    ],
    [
      'Capybara: the prompt is the last question of the conversation',
      {
        conversation: [
          { input: 'Q', output: 'R' },
          { input: 'Q2', output: 'A' },
        ],
        prompt: 'Q2',
        chosen: [user('Q'), assistant('R'), user('Q2'), assistant('A')],
        rejected: [user('Q'), assistant('R'), user('Q2'), assistant('B')],
      },
      ['1 first ["u:Q","a:R","u:Q2"] ["A","B"] +conversation'],
    ],
    [
      'Preference Dissection: what each judge says',
      {
        query: 'Q',
        response_1: { content: 'A', model: 'x', num_words: 1 },
        response_2: { content: 'B', model: 'y', num_words: 1 },
        preference_labels: { human: 'response_2', 'gpt-4': 'response_1' },
      },
      ['1 second@human,first@gpt-4 ["u:Q"] ["A","B"] +response_1,response_2'],
    ],
    [
      'MultiPref: both groups of people',
      {
        comparison_id: 'c',
        text: 'Q',
        completion_a: 'A',
        completion_b: 'B',
        normal_worker_annotations: [
          { evaluator: '1', helpful_pref: 'Tie', overall_pref: 'B-is-clearly-better' },
          { evaluator: '2', overall_pref: 'A-is-slightly-better' },
        ],
        expert_worker_annotations: [{ evaluator: '9', overall_pref: 'Tie' }],
      },
      [
        '1 second*3@1,first*1@2,tie@9 ["u:Q"] ["A","B"] #c +normal_worker_annotations,expert_worker_annotations',
      ],
    ],
    [
      'PRM800K: steps are no replies',
      {
        labeler: 'l',
        question: { problem: 'Q' },
        label: { steps: [{ completions: [{ text: 's', rating: -1 }] }] },
      },
      ['1 refused label: rates the steps of one solution '],
    ],
    [
      'the Arena’s table of 140,000',
      {
        id: 'x',
        model_a: 'm',
        model_b: 'n',
        winner: 'both_bad',
        evaluation_order: 1,
        conversation_a: [
          user([{ type: 'text', text: 'Q', image: null, mimeType: null }]),
          assistant([{ type: 'text', text: 'A', image: null, mimeType: null }]),
        ],
        conversation_b: [
          user([{ type: 'text', text: 'Q', image: null, mimeType: null }]),
          assistant([{ type: 'text', text: 'B', image: null, mimeType: null }]),
        ],
        is_code: false,
      },
      ['1 both_bad ["u:Q"] ["A","B"] #x +model_a,model_b,evaluation_order,is_code'],
    ],
    [
      'summarize from feedback',
      {
        info: { id: 't', post: 'P', title: 'T', site: null, article: null },
        summaries: [
          { text: ' A', policy: 's', note: null },
          { text: ' B', policy: 'r', note: null },
        ],
        choice: 1,
        worker: 'w',
        batch: 'b',
        split: 'train',
        extra: { confidence: 8 },
      },
      ['1 second@w ["u:P"] [" A"," B"] +info,batch,split,extra,summaries'],
    ],
    [
      'WebGPT comparisons',
      {
        question: { dataset: 'd', id: 'x', full_text: 'Q' },
        quotes_0: { title: ['t'], extract: ['e'] },
        answer_0: 'A',
        tokens_0: { prefix: [1], completion: [2] },
        score_0: -0.5,
        quotes_1: { title: [], extract: [] },
        answer_1: 'B',
        tokens_1: { prefix: [1], completion: [2] },
        score_1: 0.5,
      },
      ['1 second ["u:Q"] ["A","B"] +question,quotes_0,tokens_0,score_0,quotes_1,tokens_1,score_1'],
    ],
    [
      'RewardBench 2, a tie among the right ones is not compared',
      {
        id: 'ties:1',
        prompt: 'Q',
        chosen: ['A', 'A2'],
        rejected: ['B'],
        num_correct: 2,
        num_incorrect: 1,
        models: [],
        subset: 'Ties',
      },
      [
        '1 first ["u:Q"] ["A","B"] #ties:1 +num_correct,num_incorrect,models,subset',
        '1 first ["u:Q"] ["A2","B"] #ties:1 +num_correct,num_incorrect,models,subset',
      ],
    ],
    [
      'PandaLM: each annotator, ties among them',
      {
        idx: 0,
        motivation_app: 'Amazon',
        instruction: 'I',
        input: 'X',
        response1: 'A',
        response2: 'B',
        annotator1: 1,
        annotator2: 2,
        annotator3: 0,
      },
      ['1 first@annotator1,second@annotator2,tie@annotator3 ["u:I\\n\\nX"] ["A","B"] #0 +motivation_app'],
    ],
    [
      'Capybara for KTO: the prompt at the head of the dialogue stands once',
      { prompt: 'Q', completion: [user('Q'), assistant('A')], label: true, rating: 5 },
      ['1 single true ["u:Q"] ["A"] +rating'],
    ],
    [
      'ms-swift with pictures on the rejected side alone',
      {
        messages: [user('Q'), assistant('A')],
        rejected_messages: [user('Q'), assistant('B')],
        rejected_images: ['x.png'],
      },
      ['1 refused rejected_images: holds pictures'],
    ],
    [
      'torchtune',
      {
        chosen_conversations: [user('Q'), assistant('A')],
        rejected_conversations: [user('Q'), assistant('B')],
      },
      ['1 first ["u:Q"] ["A","B"]'],
    ],
    [
      'OpenRLHF with its messages apart',
      { context_messages: [user('Q'), assistant('R'), user('Q2')], chosen: 'A', rejected: 'B' },
      ['1 first ["u:Q","a:R","u:Q2"] ["A","B"]'],
    ],
    [
      'NeMo, ranked completions after a context',
      {
        context: [user('Q')],
        completions: [
          { rank: 1, completion: [assistant('B')] },
          { rank: 0, completion: [assistant('A')] },
        ],
      },
      ['1 first ["u:Q"] ["A","B"] +completions'],
    ],
    [
      'verl, rewards beside the replies',
      { prompt: [user('Q')], responses: ['A', 'B'], reward: [0, 1] },
      ['1 first ["u:Q"] ["B","A"] +reward'],
    ],
    [
      "Google's parts, with scored completions",
      {
        contents: [{ role: 'user', parts: [{ text: 'Q' }] }],
        completions: [
          { score: 1, completion: { role: 'model', parts: [{ text: 'A' }] } },
          { score: 0, completion: { role: 'model', parts: [{ text: 'B' }] } },
        ],
      },
      ['1 first ["u:Q"] ["A","B"] +completions'],
    ],
    [
      'LangChain’s roles',
      { prompt: [turn('human', 'Q')], chosen: [turn('ai', 'A')], rejected: [turn('ai', 'B')] },
      ['1 first ["u:Q"] ["A","B"]'],
    ],
  ])('%s', (_, row, lines) => {
    expect(outcome(row)).toEqual(lines);
  });
});
