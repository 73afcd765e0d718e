/** A dataset_info.json of LLaMA-Factory beside the files that it describes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FacetError } from '#core/result.ts';
import { temporaryFolder } from '../data/testProject.ts';
import { listInputs } from './files/listInputs.ts';
import { FileReading, readFile } from './readFile.ts';
import { itemText, problemText } from './testOutcome.ts';

const CHAT = { role_tag: 'who', content_tag: 'says', user_tag: 'U', assistant_tag: 'M', system_tag: 'S' };
const SETS = {
  talk: {
    file_name: 'talk.json',
    formatting: 'sharegpt',
    ranking: true,
    columns: { messages: 'dialog', chosen: 'good', rejected: 'poor' },
    tags: CHAT,
  },
  plain: {
    file_name: 'plain.jsonl',
    ranking: true,
    columns: {
      prompt: 'ask',
      query: 'about',
      chosen: 'yes',
      rejected: 'no',
      history: 'before',
      system: 'as',
    },
  },
  kto: {
    file_name: 'kto.jsonl',
    formatting: 'sharegpt',
    columns: { messages: 'messages', kto_tag: 'liked' },
    tags: { role_tag: 'role', content_tag: 'content', user_tag: 'user', assistant_tag: 'assistant' },
  },
  old: { file_name: 'old.jsonl', ranking: true },
  sft: { file_name: 'sft.jsonl' },
  parts: { file_name: 'parts', ranking: true, columns: { prompt: 'p', chosen: 'c', rejected: 'r' } },
};
const FILES: Readonly<Record<string, string>> = {
  'dataset_info.json': JSON.stringify(SETS),
  'talk.json': JSON.stringify([
    {
      dialog: [
        { who: 'S', says: 'Be brief.' },
        { who: 'U', says: 'Q' },
      ],
      good: { who: 'M', says: 'A' },
      poor: { who: 'M', says: 'B' },
      id: 7,
      prompt: 'no part of it',
    },
    { dialog: [{ who: 'human', says: 'Q' }], good: { who: 'M' }, poor: { who: 'M', says: 'B' } },
  ]),
  'plain.jsonl': `${JSON.stringify({ ask: 'Add.', about: '1+1', yes: '2', no: '3', before: [['a', 'b']], as: 'Calm.', context: 'kept' })}\n`,
  'kto.jsonl': `${JSON.stringify({
    messages: [
      { role: 'user', content: 'Q' },
      { role: 'assistant', content: 'A' },
    ],
    liked: false,
  })}\n`,
  'old.jsonl': `${JSON.stringify({ instruction: 'Q', input: '', output: ['A', 'B'] })}\n`,
  'sft.jsonl': `${JSON.stringify({ instruction: 'Q', chosen: 'A', rejected: 'B' })}\n`,
  'parts/one.jsonl': `${JSON.stringify({ p: 'Q1', c: 'A', r: 'B' })}\n`,
  'parts/two.jsonl': `${JSON.stringify({ p: 'Q2', c: 'A', r: 'B' })}\n`,
  'other.jsonl': `${JSON.stringify({ prompt: 'Q', chosen: 'A', rejected: 'B' })}\n`,
};

function folderOf(files: Readonly<Record<string, string>> = FILES): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
async function outcomes(path: string, reading = new FileReading()): Promise<string[]> {
  const lines: string[] = [];
  for await (const { rows } of readFile({ path }, reading, 10)) {
    for (const { row, outcome } of rows)
      lines.push(
        ...(outcome.ok
          ? outcome.items.map((item) => itemText(row, item))
          : [problemText(row, outcome.problem)]),
      );
  }
  return lines;
}

describe('a list of sets beside a file', () => {
  it.each([
    [
      'talk.json',
      ['1 first ["s:Be brief.","u:Q"] ["A","B"] #7 +prompt', '2 refused good.content: is missing'],
    ],
    ['plain.jsonl', ['1 first ["s:Calm.","u:a","a:b","u:Add.\\n\\n1+1"] ["2","3"] +context']],
    ['kto.jsonl', ['1 single false ["u:Q"] ["A"]']],
    ['old.jsonl', ['1 first ["u:Q"] ["A","B"] +input']],
    ['sft.jsonl', ['1 refused row: is of the set sft']],
    ['parts/two.jsonl', ['1 first ["u:Q2"] ["A","B"]']],
    // No set: by its fields.
    ['other.jsonl', ['1 first ["u:Q"] ["A","B"]']],
  ])('%s', async (name, expected) => {
    expect(await outcomes(join(folderOf(), name))).toEqual(expected);
  });

  it('names columns as they stand in the file, and gives way to a mapping', async () => {
    const folder = folderOf();
    const reading = new FileReading();
    for await (const { rows } of readFile({ path: join(folder, 'talk.json') }, reading, 10)) {
      expect(rows[0]?.outcome).toMatchObject({
        shape: 'llama-factory',
        readings: expect.arrayContaining([
          { part: 'chosen', field: 'good' },
          { part: 'prompt', field: 'dialog' },
        ]),
      });
    }
    expect(reading.set?.name).toBe('talk');
    const mapped = new FileReading({
      given: { map: { prompt: 'instruction', chosen: 'chosen', rejected: 'rejected' } },
      remembered: () => null,
    });
    expect(await outcomes(join(folder, 'sft.jsonl'), mapped)).toEqual(['1 first ["u:Q"] ["A","B"]']);
    expect(mapped.set).toBeNull();
  });

  it('is read for a packed file, and is no file of rows itself', async () => {
    const folder = folderOf();
    writeFileSync(join(folder, 'plain.jsonl.gz'), gzipSync(FILES['plain.jsonl'] ?? ''));
    expect(await outcomes(join(folder, 'plain.jsonl.gz'))).toHaveLength(1);
    const inside = await listInputs([folder]);
    expect(inside.map(({ path }) => path)).not.toContain(join(folder, 'dataset_info.json'));
    const named = await listInputs([join(folder, 'dataset_info.json')]);
    expect(named.map(({ path }) => path.slice(folder.length + 1))).toEqual([
      'talk.json',
      'plain.jsonl',
      'kto.jsonl',
      'old.jsonl',
      'sft.jsonl',
      'parts/one.jsonl',
      'parts/two.jsonl',
    ]);
  });

  it.each([
    ['[]', 'is no JSON object'],
    ['{"a": {"file_name": "old.jsonl", "formatting": "vicuna"}}', 'formatting'],
  ])('that says %s is an error with its file', async (text, message) => {
    const folder = folderOf({ ...FILES, 'dataset_info.json': text });
    const read = outcomes(join(folder, 'old.jsonl'));
    await expect(read).rejects.toThrow(FacetError);
    await expect(read).rejects.toThrow(message);
  });
});
