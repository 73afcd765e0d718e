import { describe, expect, it } from 'vitest';
import { unwrap } from '#core/result.ts';
import { needing } from '#disk/testNeeds.ts';
import { storiesDir, storiesMissing } from '../backbone/testModel.ts';
import { openTokenizer } from '../tokens/tokenizer.ts';
import { ReplyText } from './replyText.ts';

/** Tokens are bytes. */
const bytes = {
  decode: (ids: ArrayLike<number>) => new TextDecoder().decode(Uint8Array.from(Array.from(ids))),
};
const encode = (text: string): number[] => [...new TextEncoder().encode(text)];

function streamed(text: string, stops: readonly string[] = []) {
  const reply = new ReplyText(bytes, stops);
  const shown: string[] = [];
  let stopped = false;
  for (const token of encode(text)) {
    const pushed = reply.push(token);
    shown.push(pushed.text);
    stopped = pushed.stopped;
    if (stopped) break;
  }
  if (!stopped) shown.push(reply.finish());
  expect(shown.join('')).toBe(reply.text);
  return { text: reply.text, shown, stopped };
}

describe('the text of a reply', () => {
  it('holds a character back until all of its tokens are there', () => {
    const { text, shown } = streamed('aé你🙂b');
    expect(text).toBe('aé你🙂b');
    expect(shown.join('|')).not.toContain('\uFFFD');
    expect(shown.filter((part) => part !== '')).toEqual(['a', 'é', '你', '🙂', 'b']);
  });

  it('shows what can never become a character in the end', () => {
    const reply = new ReplyText(bytes, []);
    reply.push(0x61);
    expect(reply.push(0xf0).text).toBe('');
    expect(reply.finish()).toBe('\uFFFD');
  });

  it('never shows a stop string, nor a part of one that completes', () => {
    const { text, shown, stopped } = streamed('one\nUser: two', ['\nUser:', 'xyz']);
    expect(stopped).toBe(true);
    expect(text).toBe('one');
    expect(shown.join('')).toBe('one');
  });

  it('shows what only began like a stop string', () => {
    expect(streamed('a\nUse it', ['\nUser:']).text).toBe('a\nUse it');
    expect(streamed('ab ##', ['###']).text).toBe('ab ##');
  });

  it('takes the first of several stops', () => {
    expect(streamed('abcdef', ['ef', 'cd']).text).toBe('ab');
    expect(streamed('aab', ['ab', 'b']).text).toBe('a');
  });

  it('leaves out white space around the reply, but not within', () => {
    const { text, shown } = streamed('  \n one  two \n\n');
    expect(text).toBe('one  two');
    expect(shown.filter((part) => part !== '').join('|')).not.toMatch(/\s$/);
  });
});

describe('stories260K', needing(storiesMissing), () => {
  it('shows in pieces what the tokenizer decodes as a whole', async () => {
    const tokenizer = unwrap(await openTokenizer(storiesDir));
    for (const text of ['Lily likes cats and dogs. café 你好 🙂!', 'a  b   c\n\nd']) {
      const ids = tokenizer.encode(text, { special: false });
      const reply = new ReplyText(tokenizer, []);
      const shown = [...ids].map((id) => reply.push(id).text);
      expect(shown.join('') + reply.finish()).toBe(tokenizer.decode(ids).trim());
    }
  });
});
