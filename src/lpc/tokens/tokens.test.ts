import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Message } from '#core/preference.ts';
import { unwrap } from '#core/result.ts';
import { needing } from '#disk/testNeeds.ts';
import { readGolden, storiesDir, storiesMissing } from '../backbone/testModel.ts';
import { encodePrompt, encodeReply, encodeTurns, plainPrompt } from './template.ts';
import { openTokenizer, type Tokenizer } from './tokenizer.ts';

const USER: Message = { role: 'user', content: 'Hi there' };
const DIALOGUE: Message[] = [USER, { role: 'assistant', content: 'Hello' }, { role: 'user', content: 'Bye' }];

describe('stories260K', needing(storiesMissing), () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'facet-tokens-'));
    for (const name of ['tokenizer.json', 'config.json'])
      copyFileSync(join(storiesDir, name), join(dir, name));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const openWith = async (config: Record<string, unknown>): Promise<Tokenizer> => {
    writeFileSync(
      join(dir, 'tokenizer_config.json'),
      JSON.stringify({ bos_token: '<s>', eos_token: '</s>', ...config }),
    );
    return unwrap(await openTokenizer(dir));
  };

  it('encodes as the golden file states, and back', async () => {
    const tokenizer = unwrap(await openTokenizer(storiesDir));
    for (const [text, ids] of Object.entries(readGolden().encode)) {
      expect(Array.from(tokenizer.encode(text))).toEqual(ids);
      expect(tokenizer.decode(ids)).toBe(text);
    }
    expect(tokenizer).toMatchObject({
      bosId: 1,
      eosId: 2,
      endOfTurnId: 2,
      addsBos: true,
      addsSpace: true,
      vocabulary: 512,
    });
  });

  it('uses the plain template where the folder has none, with one beginning-of-text token', async () => {
    const tokenizer = await openWith({});
    const text = 'User: Hi there\n\nAssistant: Hello\n\nUser: Bye\n\nAssistant:';
    expect(plainPrompt(DIALOGUE)).toBe(text);
    const ids = encodePrompt(tokenizer, DIALOGUE);
    expect(tokenizer.decode(ids)).toBe(text);
    expect(ids.filter((id) => id === 1)).toHaveLength(1);
    const reply = encodeReply(tokenizer, '  Good bye. \n');
    expect(reply.at(-1)).toBe(2);
    expect(tokenizer.decode([...ids, ...reply])).toBe(`${text} Good bye.`);
  });

  it('uses the folder’s chat template and adds no second beginning-of-text token', async () => {
    const template =
      "{{ bos_token }}{% for m in messages %}[{{ m['role'] }}] {{ m['content'] }}{% if m['role'] == 'assistant' %}{{ eos_token }}{% endif %}{{ '\\n' }}{% endfor %}" +
      '{% if add_generation_prompt %}[assistant]{% endif %}';
    for (const chat_template of [template, [{ name: 'default', template }]]) {
      const tokenizer = await openWith({ chat_template });
      const ids = encodePrompt(tokenizer, DIALOGUE);
      expect(ids[0]).toBe(1);
      expect(ids.filter((id) => id === 1)).toHaveLength(1);
      expect(tokenizer.decode(ids, { special: true })).toContain('[user] Hi there\n[assistant] Hello</s>');
      expect(tokenizer.decode(ids)).toMatch(/\[assistant\]$/);
      expect(tokenizer.endOfTurnId).toBe(2);
    }
  });

  it('takes the end of a turn from the template, not the end of the text', async () => {
    const tokenizer = await openWith({
      chat_template: "{% for m in messages %}{{ m['content'] }}<unk>\n{{ eos_token }}{% endfor %}",
    });
    expect(tokenizer.endOfTurnId).toBe(0);
    expect(tokenizer.eosId).toBe(2);
    expect(encodeReply(tokenizer, 'ok').at(-1)).toBe(0);
  });

  it('tells of templates that can’t be read or refuse a dialogue', async () => {
    writeFileSync(join(dir, 'tokenizer_config.json'), JSON.stringify({ chat_template: '{% for %}' }));
    const opened = await openTokenizer(dir);
    expect(opened).toMatchObject({ ok: false, failure: { code: 'tokens.bad-template' } });
    const strict = await openWith({
      chat_template:
        "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system message') }}{% endif %}x",
    });
    expect(() => encodePrompt(strict, [{ role: 'system', content: 'a' }])).toThrow('no system message');
  });

  it.each([
    [
      'two loops',
      '{% for a in range(100000) %}{% for b in range(100000) %}{% if a > b %}{% endif %}{% endfor %}{% endfor %}',
    ],
    [
      'text that doubles',
      "{% set x = namespace(t='x') %}{% for a in range(100000) %}{% set x.t = x.t + x.t[:1000] %}{% for b in range(100000) %}{% endfor %}{% endfor %}{{ x.t }}",
    ],
  ])('interrupts a template of %s', async (_, chat_template) => {
    writeFileSync(join(dir, 'tokenizer_config.json'), JSON.stringify({ bos_token: '<s>', chat_template }));
    const opened = await openTokenizer(dir, { limitMs: 200 });
    expect(opened).toMatchObject({ ok: false, failure: { code: 'tokens.too-slow' } });
  });

  it('interrupts a pattern that tries every way to fail', async () => {
    const tokenizer = JSON.parse(readFileSync(join(dir, 'tokenizer.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    const pattern = { Regex: '^(a+)+$' };
    tokenizer.normalizer = { type: 'Replace', pattern, content: '' };
    writeFileSync(join(dir, 'tokenizer.json'), JSON.stringify(tokenizer));
    const chat_template = `{{ messages[1]['content'] }}${'a'.repeat(60)}b</s>`;
    writeFileSync(join(dir, 'tokenizer_config.json'), JSON.stringify({ bos_token: '<s>', chat_template }));
    const opened = await openTokenizer(dir, { limitMs: 200 });
    expect(opened).toMatchObject({ ok: false, failure: { code: 'tokens.too-slow' } });
  });

  it('refuses a text that a template makes far too long', async () => {
    const doubling =
      "{% set x = namespace(t='xxxxxxxxxxxxxxxx') %}{% for a in range(23) %}{% set x.t = x.t + x.t %}{% endfor %}";
    const tokenizer = await openWith({
      chat_template: `{% if messages[0]['content'] == 'Hi there' %}${doubling}{{ x.t }}{% endif %}{{ messages[0]['content'] }}`,
    });
    expect(() => encodePrompt(tokenizer, [USER])).toThrow('134217736 characters');
  });

  describe('a reply of several parts', () => {
    const TOOLS =
      '{% if tools %}[tools]{{ tools | tojson }}\n{% endif %}{% for m in messages %}[{{ m.role }}]{{ m.content }}' +
      '{% for call in m.tool_calls or [] %}<call>{{ call.function.arguments | tojson }}</call>{% endfor %}</s>\n{% endfor %}' +
      '{% if add_generation_prompt %}[assistant]{% endif %}';
    const CALL: Message = {
      role: 'assistant',
      content: '',
      tool_calls: [{ function: { name: 'w', arguments: '{"city": "Oslo"}' } }],
    };

    it('is what the chat template writes after the prompt, its calls and the turns between', async () => {
      const tokenizer = await openWith({ chat_template: TOOLS });
      const turns: Message[] = [
        CALL,
        { role: 'tool', content: 'cold' },
        { role: 'assistant', content: 'So.' },
      ];
      const ids = encodeTurns(tokenizer, [{ ...USER, tools: [{ name: 'w' }] }], turns);
      expect(tokenizer.decode(ids, { special: true }).replaceAll('</s> \n', '</s>\n')).toBe(
        '<call>{"city": "Oslo"}</call></s>\n[tool]cold</s>\n[assistant]So.</s>',
      );
      // One plain text is the same either way.
      expect(encodeTurns(tokenizer, DIALOGUE, [{ role: 'assistant', content: 'So.' }])).toEqual(
        encodeReply(tokenizer, 'So.'),
      );
    });

    it('goes on where a template opens the reply with more than it writes before one that is there', async () => {
      const tokenizer = await openWith({
        chat_template: TOOLS.replace('[assistant]{%', '[assistant]<think>{%'),
      });
      expect(tokenizer.decode(encodePrompt(tokenizer, [USER]))).toContain('<think>');
      const ids = encodeTurns(tokenizer, [USER], [CALL]);
      expect(tokenizer.decode(ids)).toBe('<call>{"city": "Oslo"}</call>');
    });

    it('has its arguments as text where the template puts them together with text', async () => {
      const tokenizer = await openWith({
        chat_template: TOOLS.replace(
          '{{ call.function.arguments | tojson }}',
          "{{ 'w ' + call.function.arguments }}",
        ),
      });
      const parsed = {
        role: 'assistant',
        content: '',
        tool_calls: [{ function: { name: 'w', arguments: { a: 1 } } }],
      };
      const quoting: Message = { role: 'user', content: 'What is [object Object]?' };
      for (const [call, text] of [
        [CALL, '<call>w {"city": "Oslo"}</call>'],
        [parsed as Message, '<call>w {"a":1}</call>'],
      ] as const)
        expect(tokenizer.decode(encodeTurns(tokenizer, [quoting], [call]))).toBe(text);
    });

    it('is refused where the template rewrites the prompt', async () => {
      const tokenizer = await openWith({ chat_template: `{{ messages | length }}${TOOLS}` });
      expect(() => encodeTurns(tokenizer, [USER], [CALL])).toThrow('writes the prompt differently');
    });

    it('is written out under the plain template', async () => {
      const tokenizer = await openWith({});
      const turns: Message[] = [
        CALL,
        { role: 'tool', content: 'cold' },
        { role: 'assistant', content: 'So.' },
      ];
      const ids = encodeTurns(tokenizer, [USER], turns);
      expect(tokenizer.decode(ids)).toContain('"tool_calls"');
      expect(tokenizer.decode(ids)).toMatch(/Tool: cold\n\nAssistant: So\.$/);
    });
  });

  it('tells of damaged files and of ids outside the model', async () => {
    const config = JSON.parse('{"vocab_size": 300, "eos_token_id": 2}') as unknown;
    writeFileSync(join(dir, 'config.json'), JSON.stringify(config));
    const tokenizer = await openWith({});
    expect(() => tokenizer.encode('Once upon a time')).toThrow("not one of the model's 300");
    writeFileSync(join(dir, 'tokenizer.json'), '{"model": ');
    expect(await openTokenizer(dir)).toMatchObject({ ok: false, failure: { code: 'model.invalid-json' } });
    writeFileSync(join(dir, 'tokenizer.json'), '{"model": {"type": "Odd"}}');
    expect(await openTokenizer(dir)).toMatchObject({
      ok: false,
      failure: { code: 'tokens.unsupported-tokenizer' },
    });
    rmSync(join(dir, 'tokenizer.json'));
    expect(await openTokenizer(dir)).toMatchObject({ ok: false, failure: { code: 'model.missing-file' } });
  });
});
