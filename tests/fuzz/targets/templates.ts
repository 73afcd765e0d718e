/** Chat templates of strangers: well-formed Jinja of any sense, and real ones damaged, over dialogues of any content. */
import { basename } from 'node:path';
import type { Message } from '#core/preference.ts';
import { type RandomSource, randomSource } from '#core/random.ts';
import { unwrap } from '#core/result.ts';
import { tokenizerConfig, tokenizerJson } from '#lpc/pretrain/tokenizerFiles.ts';
import { mutated } from '#lpc/testMutations.ts';
import { encodePrompt, encodeReply, encodeTurns } from '#lpc/tokens/template.ts';
import { openTokenizer } from '#lpc/tokens/tokenizer.ts';
import { oddText, oddValue } from '../oddValues.ts';
import type { OpenTarget } from '../types.ts';

const OPENING_MS = 1000;
const MODEL = {
  'tokenizer.json': JSON.stringify(tokenizerJson([['t', 'h']])),
  'config.json': '{"vocab_size": 300, "eos_token_id": 1}',
};

/** In the manner of ChatML, Llama 3, Mistral, Zephyr, Gemma and Qwen with tools. */
const REAL = [
  "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}",
  "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}",
  "{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate') }}{% endif %}{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ message['content'] + eos_token}}{% else %}{{ raise_exception('Only user and assistant') }}{% endif %}{% endfor %}",
  '{%- macro line(m) -%}<|{{ m.role }}|>\n{{ m.content }}{{ eos_token }}\n{%- endmacro -%}{% for m in messages %}{{ line(m) }}{% endfor %}{% if add_generation_prompt %}<|assistant|>\n{% endif %}',
  "{% if tools %}{{ tools | tojson(indent=2) }}{% endif %}{% set ns = namespace(n=0) %}{%- for m in messages[::-1] %}{% set ns.n = ns.n + (m.content | length) %}{% endfor %}{% for m in messages %}{% if m.tool_calls is defined %}{% for c in m.tool_calls %}{{ c.function.name }}{{ c.function.arguments | tojson }}{% endfor %}{% endif %}{{ m.role | upper }}: {{ m.content.split('</think>')[-1].lstrip('\\n') }}\n{% endfor %}{{ ns.n }}",
] as const;

const NAMES = [
  ...'messages tools bos_token eos_token add_generation_prompt date_string loop m x raise_exception namespace'.split(
    ' ',
  ),
  ...'range strftime_now fixed_date_now __proto__ constructor this undefined none true'.split(' '),
];
const FIELDS = [
  ...'role content tool_calls function arguments name length index first last split strip items get'.split(
    ' ',
  ),
  ...'constructor __proto__ prototype toString replace startswith'.split(' '),
];
const FILTERS = [
  ...'trim tojson length upper lower first last list join reverse sort unique string int float items'.split(
    ' ',
  ),
  ...'capitalize title default abs indent replace map selectattr rejectattr escape dictsort bogus'.split(' '),
];
const TESTS = 'defined none string mapping iterable number odd even true equalto bogus'.split(' ');
const OPERATORS = [
  '+',
  '-',
  '*',
  '/',
  '//',
  '%',
  '~',
  '==',
  '!=',
  '<',
  '>=',
  'and',
  'or',
  'in',
  'not in',
  '**',
];

function expression(random: RandomSource, depth: number): string {
  const inner = (): string => expression(random, depth - 1);
  switch (random.integer(depth > 0 ? 14 : 5)) {
    case 0:
      return JSON.stringify(oddText(random).slice(0, 40));
    case 1:
      return String(random.pick([0, 1, -1, 2, 7.5, 1e9, 20]));
    case 2:
    case 3:
      return random.pick(NAMES);
    case 4:
      return random.pick([
        'messages[0]',
        'messages[-1].content',
        "messages[0]['role']",
        '[]',
        '{}',
        '()',
        "''",
      ]);
    case 5:
      return `(${inner()} ${random.pick(OPERATORS)} ${inner()})`;
    case 6:
      return `${inner()} | ${random.pick(FILTERS)}${random.integer(3) === 0 ? `(${inner()})` : ''}`;
    case 7:
      return `${random.pick(NAMES)}.${random.pick(FIELDS)}`;
    case 8:
      return `${inner()}[${random.integer(3) === 0 ? `${inner()}:` : inner()}]`;
    case 9:
      return `${random.pick(NAMES)}(${inner()})`;
    case 10:
      return `${inner()} is ${random.integer(4) === 0 ? 'not ' : ''}${random.pick(TESTS)}`;
    case 11:
      return `[${inner()}, ${inner()}]`;
    case 12:
      return `{${JSON.stringify(random.pick(FIELDS))}: ${inner()}}`;
    default:
      return `(${inner()} if ${inner()} else ${inner()})`;
  }
}

function statements(random: RandomSource, depth: number): string {
  const pieces = Array.from({ length: 1 + random.integer(3) }, () => statement(random, depth));
  return pieces.join('');
}
function statement(random: RandomSource, depth: number): string {
  const what = expression(random, 2);
  const body = (): string => statements(random, depth - 1);
  switch (random.integer(depth > 0 ? 9 : 3)) {
    case 0:
      return oddText(random).slice(0, 60);
    case 1:
    case 2:
      return `{{ ${what} }}`;
    case 3:
      return `{% for m in ${random.integer(2) === 0 ? 'messages' : what} %}${body()}{% endfor %}`;
    case 4:
      return `{% if ${what} %}${body()}{% else %}${body()}{% endif %}`;
    case 5:
      return `{% set x = ${what} %}`;
    case 6:
      return `{% macro f(a, b=${what}) %}${body()}{% endmacro %}{{ f(${expression(random, 1)}) }}`;
    case 7:
      return `{% for a in range(${random.integer(60) === 0 ? 99_999 : random.integer(20)}) %}${body()}{% endfor %}`;
    default:
      return `{% set x = namespace(t=${what}) %}{% set x.t = x.t + x.t %}${body()}`;
  }
}

function source(random: RandomSource, seed: number, index: number): string {
  if (index % 3 === 0) return statements(random, 3);
  const real = random.pick(REAL);
  return index % 3 === 1 ? mutated(seed, 'template', index, Buffer.from(real), false).toString('utf8') : real;
}

const ROLES = ['system', 'user', 'assistant', 'tool', 'developer'] as const;
function someMessage(random: RandomSource): Message {
  const message: Record<string, unknown> = { role: random.pick(ROLES), content: oddText(random) };
  if (random.integer(4) === 0) message.tool_calls = [oddValue(random, FIELDS)];
  if (random.integer(6) === 0) message.tools = [oddValue(random, FIELDS)];
  if (random.integer(6) === 0) message.name = oddText(random);
  return message as unknown as Message;
}

export const chatTemplates: OpenTarget = async (_folder, seed) => ({
  read: async (index) => {
    const random = randomSource({ seed, stream: 'template', counter: index * 4096 });
    const config = { ...tokenizerConfig(64), bos_token: '<s>', chat_template: source(random, seed, index) };
    const files: Readonly<Record<string, string>> = {
      ...MODEL,
      'tokenizer_config.json': JSON.stringify(config),
    };
    const tokenizer = unwrap(
      await openTokenizer('m', {
        read: async (path) => files[basename(path)] ?? null,
        limitMs: OPENING_MS,
      }),
    );
    const prompt = Array.from({ length: 1 + random.integer(4) }, () => someMessage(random));
    for (const ids of [
      encodePrompt(tokenizer, prompt),
      encodeReply(tokenizer, oddText(random)),
      encodeTurns(tokenizer, prompt, [someMessage(random)]),
    ])
      if (!ids.every((id) => id >= 0 && id < tokenizer.vocabulary))
        throw new Error('an id beyond the vocabulary');
    return null;
  },
  close: async () => undefined,
});
