import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPromptFile } from './readPrompts.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-prompts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function read(name: string, content: string | Uint8Array) {
  writeFileSync(join(folder, name), content);
  return readPromptFile(join(folder, name));
}
const user = (content: string) => [{ role: 'user', content }];

describe('a prompt file', () => {
  it('is JSON Lines, a JSON list, plain text or any of them gzipped', async () => {
    const lines = '{"id": 7, "prompt": "a"}\n\n{"messages": [{"role": "user", "content": "b"}]}\n';
    const expected = [
      { id: '7', messages: user('a') },
      { id: 'row-3', messages: user('b') },
    ];
    expect(await read('p.jsonl', lines)).toEqual(expected);
    expect(await read('p.jsonl.gz', gzipSync(lines))).toEqual(expected);
    expect(await read('p.json', '["x", {"prompt": "y", "chosen": "c", "rejected": "r"}]')).toEqual([
      { id: 'row-1', messages: user('x') },
      { id: 'row-2', messages: user('y') },
    ]);
    expect(await read('p.txt', '[not JSON]\n\nlast')).toEqual([
      { id: 'row-1', messages: user('[not JSON]') },
      { id: 'row-3', messages: user('last') },
    ]);
  });

  it.each([
    ['{"prompt": "a"}\n{"text": "b"}', { row: 2, field: 'prompt' }],
    ['{"prompt": "a"}\n{"prompt": ', { row: 2 }],
    ['{"messages": [{"role": "king", "content": "b"}]}', { row: 1, field: 'messages[0].role' }],
    ['{"prompt": "  "}', { row: 1, field: 'prompt' }],
  ])('that is wrong says where: %s', async (content, where) => {
    await expect(read('p.jsonl', content)).rejects.toMatchObject({
      failure: { code: 'prompts.unreadable-row', where },
    });
  });

  it('that holds nothing says so', async () => {
    await expect(read('p.jsonl', '\n')).rejects.toMatchObject({ failure: { code: 'prompts.none' } });
  });
});
