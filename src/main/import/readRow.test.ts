import { describe, expect, it } from 'vitest';
import { promptMessages } from './read/dialogue.ts';
import { readRow } from './readRow.ts';

const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });
const pairOf = (row: unknown) => {
  const outcome = readRow(row);
  if (!outcome.ok) throw new Error(`${outcome.problem.field} ${outcome.problem.reason}`);
  const [item] = outcome.items;
  if (item?.kind !== 'pair') throw new Error('is no pair');
  const { messages, replies, source, aspect, itemId } = item;
  const [chosen, rejected] = replies;
  return { format: outcome.shape, messages, chosen, rejected, source, aspect, itemId };
};
const problemOf = (row: unknown) => {
  const outcome = readRow(row);
  if (outcome.ok) throw new Error('was readable');
  return outcome.problem;
};

describe('names that every object has', () => {
  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])(
    'are no roles: %s',
    (name) => {
      const messages = [user('Hi'), { role: name, content: 'x' }, user('Why?')];
      expect(problemOf({ prompt: messages, chosen: 'a', rejected: 'b' })).toEqual({
        field: 'prompt[1].role',
        reason: `is "${name}", not a known role`,
      });
      const turns = [{ from: name, value: 'Hi' }];
      expect(problemOf({ conversations: turns, chosen: 'a', rejected: 'b' }).field).toBe(
        'conversations[0].from',
      );
    },
  );
});

describe('rows that can be read', () => {
  it('prompt, chosen and rejected as text', () => {
    expect(
      pairOf({ prompt: ' Hi ', chosen: 'Hello.\n', rejected: 'What?', source: 's', aspect: 'tone', id: 7 }),
    ).toEqual({
      format: 'pairs',
      messages: [user(' Hi ')],
      chosen: 'Hello.\n',
      rejected: 'What?',
      source: 's',
      aspect: 'tone',
      itemId: '7',
    });
  });

  it("TRL's conversational shapes, with the prompt apart, repeated or implicit", () => {
    const prompt = [{ role: 'system', content: 'Be brief.' }, user('Hi')];
    const apart = { prompt, chosen: [assistant('Yes')], rejected: assistant('No') };
    const whole = { chosen: [...prompt, assistant('Yes')], rejected: [...prompt, assistant('No')] };
    for (const row of [apart, whole, { prompt, ...whole }, { prompt: 'Hi', ...whole }]) {
      expect(pairOf(row)).toMatchObject({ format: 'pairs', messages: prompt, chosen: 'Yes', rejected: 'No' });
    }
  });

  it('whole dialogues, split at their last common turn', () => {
    const start = '\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Why?';
    const row = {
      chosen: `${start}\n\nAssistant: Because.`,
      rejected: `${start}\n\nAssistant: No idea: none.`,
    };
    expect(pairOf(row)).toMatchObject({
      format: 'hh-dialogue',
      messages: [user('Hi'), assistant('Hello'), user('Why?')],
      chosen: 'Because.',
      rejected: 'No idea: none.',
    });
  });

  it('ShareGPT conversations with their system prompt', () => {
    const row = {
      conversations: [
        { from: 'human', value: 'Hi' },
        { from: 'gpt', value: 'Hello' },
        { from: 'human', value: 'Why?' },
      ],
      system: 'Be brief.',
      chosen: { from: 'gpt', value: 'So.' },
      rejected: { from: 'gpt', value: 'Well, it is like this.' },
    };
    expect(pairOf(row)).toMatchObject({
      format: 'sharegpt',
      messages: [{ role: 'system', content: 'Be brief.' }, user('Hi'), assistant('Hello'), user('Why?')],
      chosen: 'So.',
    });
  });

  it('an instruction with its input as the prompt', () => {
    const row = {
      instruction: 'Translate.',
      input: 'Bonjour',
      output: 'Hello',
      chosen: 'Hello',
      rejected: 'Bye',
    };
    expect(pairOf(row).messages).toEqual([user('Translate.\n\nBonjour')]);
  });
});

describe('rows of other tools', () => {
  it.each([
    [
      {
        prompt: '\n\nHuman: Q\n\nAssistant: ',
        answers: [
          { answer: 'A', rank: 1 },
          { answer: 'B', rank: 2 },
        ],
        turns: 1,
      },
      'first',
    ],
    [{ history: 'Q', human_ref_A: 'A', human_ref_B: 'B', labels: 1 }, 'first'],
    [{ question: 'Q', response_A: 'A', response_B: 'B', label: 'B>A' }, 'second'],
    [{ prompt: 'Q', 'response 1': 'A', 'response 2': 'B', label: 2 }, 'tie'],
    [{ prompt: 'Q', response_a: 'A', response_b: 'B', preferred: 'response_b' }, 'second'],
    [{ instruction: 'Q', output_1: 'A', output_2: 'B', preference: 1.2 }, 'first'],
    [{ instruction: 'Q', generations: ['A', 'B'], ratings: [3, 3] }, 'tie'],
    [{ instruction: 'Q', output: ['A', 'B'] }, 'first'],
    [{ query: 'Q', response: 'A', rejected_response: 'B' }, 'first'],
    [
      {
        text: 'Q',
        options: [
          { id: 1, text: 'A' },
          { id: 2, text: 'B' },
        ],
        accept: [2],
        answer: 'accept',
      },
      'second',
    ],
    [{ prompt: 'Q', response_a: 'A', response_b: 'B', label_annotations: { best: { A: '1' } } }, 'first'],
    [{ prompt: 'Q', answer1: 'A', answer2: 'B', pw: 'right', annotation_id: 9 }, 'second'],
    [
      {
        fields: { instruction: 'Q', response_a: 'A', response_b: 'B' },
        responses: { p: [{ value: 'tie' }] },
      },
      'tie',
    ],
    [
      {
        prompt: 'Q',
        model_a: 'x',
        conversation_a: [user('Q'), assistant('A')],
        conversation_b: [user('Q'), assistant('B')],
        winner: 'tie (bothbad)',
      },
      'both_bad',
    ],
  ])('%j', (row, verdict) => {
    expect(readRow(row)).toMatchObject({
      ok: true,
      items: [{ messages: [user('Q')], replies: ['A', 'B'], verdicts: [{ verdict }] }],
    });
  });
});

describe('a prompt given as text', () => {
  it('becomes its turns where it is a dialogue that waits for a reply', () => {
    const turns = [user('Hi'), assistant('Hello'), user('Why?')];
    expect(promptMessages('Human: Hi\n\nAssistant: Hello\n\nHuman: Why?')).toEqual(turns);
    expect(promptMessages('\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Why?\n\nAssistant:')).toEqual(turns);
    expect(promptMessages('System: Brief.\n\nHuman: Hi\n\nAssistant:')).toEqual([
      { role: 'system', content: 'Brief.' },
      user('Hi'),
    ]);
  });

  it('stays one message where it only quotes one', () => {
    for (const text of [
      'Finish this:\n\nHuman: Hi\n\nAssistant: Hel',
      'What is Human: in a prompt?',
      'A\n\nHuman: B',
      'Human: Homo sapiens. Explain the name.',
      'Hi\n\nAssistant: Hello\n\nHuman: Why?',
    ]) {
      expect(promptMessages(text)).toEqual([user(text)]);
    }
  });
});

describe('rows that cannot', () => {
  it.each([
    [{ prompt: 'p', chosen: 'a' }, 'rejected', 'is missing; the row has prompt, chosen'],
    [{ prompt: 'p', chosen: true, rejected: 'b' }, 'chosen', 'is a boolean, not a reply'],
    [{ prompt: 'p', chosen: ' ', rejected: 'b' }, 'chosen', 'is empty'],
    [{ prompt: '', chosen: 'a', rejected: 'b' }, 'prompt', 'is empty'],
    [{ prompt: 'p', chosen: 'a', rejected: 'a' }, null, 'both replies are the same'],
    [{ chosen: 'a', rejected: 'b' }, 'prompt', 'is missing, and the replies are not whole dialogues'],
    [{ prompt: 5, chosen: 'a', rejected: 'b' }, 'prompt', 'is a number, not text or a list of messages'],
    [[1], null, 'is a list, not an object'],
    [
      { prompt: [{ role: 'king', content: 'x' }], chosen: 'a', rejected: 'b' },
      'prompt[0].role',
      'is "king", not a known role',
    ],
  ])('%j', (row, field, reason) => {
    expect(problemOf(row)).toEqual({ field, reason });
  });

  it('dialogues that part before the last reply', () => {
    const row = {
      chosen: '\n\nHuman: Hi\n\nAssistant: A\n\nHuman: More\n\nAssistant: B',
      rejected: '\n\nHuman: Hi\n\nAssistant: C\n\nHuman: More\n\nAssistant: D',
    };
    expect(problemOf(row)).toEqual({
      field: null,
      reason: 'the dialogues part at turn 2, before the last reply',
    });
  });
});
