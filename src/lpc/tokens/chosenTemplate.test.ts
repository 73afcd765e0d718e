/** Templates chosen by name against llama.cpp's own (tests/golden/make_chat_templates.py), and what a choice stands before. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHAT_TEMPLATES } from '#core/chatTemplates.ts';
import type { Message } from '#core/preference.ts';
import { unwrap } from '#core/result.ts';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import { goldenDir } from '../backbone/testModel.ts';
import { copyBeside } from '../export/modelFiles.ts';
import { starterDir } from '../export/testExport.ts';
import { openChatTemplate } from './chatTemplate.ts';
import { encodePrompt, encodeReply, plainPrompt } from './template.ts';
import { openTokenizer } from './tokenizer.ts';

const golden = JSON.parse(readFileSync(join(goldenDir, 'chat-templates.json'), 'utf8')) as Record<
  string,
  readonly { readonly messages: readonly Message[]; readonly prompt: string }[]
>;
const BOS = '<s>';
const SPECIAL = { bos_token: BOS, eos_token: '<|endoftext|>' };
const DIALOGUE: Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hi, who are you?' },
];

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'facet-template-'));
  for (const name of ['tokenizer.json', 'tokenizer_config.json', 'config.json'])
    copyFileSync(join(starterDir, name), join(dir, name));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('a chosen template', () => {
  it.each(Object.keys(golden))('%s writes dialogues as llama.cpp does', async (name) => {
    const template = await openChatTemplate('nowhere', {}, SPECIAL, { chosen: name });
    for (const { messages, prompt } of golden[name]!) {
      const written = template!.render(messages, true);
      expect(written.startsWith(BOS) ? written.slice(BOS.length) : written).toBe(prompt);
    }
  });

  it('takes the place of the model’s own, in prompts and in where a reply ends', async () => {
    const chosen =
      "{% for message in messages %}{{ message['role'] + '|' + message['content'] }}{% endfor %}";
    const tokenizer = unwrap(await openTokenizer(dir, { chosen }));
    expect(tokenizer.decode(encodePrompt(tokenizer, DIALOGUE)).trim()).toBe(
      'system|Be brief.user|Hi, who are you?',
    );
    expect(encodeReply(tokenizer, 'So.').at(-1)).toBe(tokenizer.eosId);
    const plain = unwrap(await openTokenizer(dir, { chosen: 'plain' }));
    expect(plain.chatTemplate).toBeNull();
    expect(plain.decode(encodePrompt(plain, DIALOGUE)).trim()).toContain('User: Hi, who are you?');
  });

  it('is said where it is no Jinja', async () => {
    expect(await openTokenizer(dir, { chosen: '{% for %}' })).toMatchObject({
      failure: { code: 'tokens.bad-template', message: expect.stringContaining('the run’s settings') },
    });
  });

  it('is what exports hold, plain too', async () => {
    writeFileSync(join(dir, 'tokenizer_config.json'), '{"chat_template": "own", "eos_token": "</s>"}');
    const to = mkdtempSync(join(dir, 'export-'));
    for (const name of CHAT_TEMPLATES) {
      await copyBeside(dir, to, { ...DEFAULT_RUN, chatTemplate: name });
      const opened = await openChatTemplate(to, {}, SPECIAL);
      const chosen = await openChatTemplate('nowhere', {}, SPECIAL, { chosen: name });
      expect(opened?.render(DIALOGUE, true)).toBe(
        name === 'plain' ? plainPrompt(DIALOGUE) : chosen?.render(DIALOGUE, true),
      );
      expect(JSON.parse(readFileSync(join(to, 'tokenizer_config.json'), 'utf8'))).toEqual({
        eos_token: '</s>',
      });
    }
  });
});
