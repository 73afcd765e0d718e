import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FacetError } from '#core/result.ts';
import { readPairs, readPrompts } from './dataset.ts';

const root = await mkdtemp(join(tmpdir(), 'facet-dataset-'));
afterAll(() => rm(root, { recursive: true, force: true }));

const GOOD = {
  id: '1',
  promptId: 'p1',
  source: 's',
  aspect: null,
  messages: [{ role: 'user', content: 'hello' }],
  chosen: 'a',
  rejected: 'b',
};
async function fileOf(...lines: unknown[]): Promise<string> {
  const path = join(root, `${Math.random()}.jsonl`);
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  await writeFile(path, text);
  return path;
}
async function failureOf(path: string) {
  try {
    await readPairs(path);
  } catch (error) {
    if (error instanceof FacetError) return error.failure;
    throw error;
  }
  throw new Error('read without failure');
}

describe('readPairs', () => {
  it('reads rows and passes over blank lines', async () => {
    const { aspect: _, ...noAspect } = { ...GOOD, id: '2' };
    const pairs = await readPairs(await fileOf(GOOD, '', noAspect));
    expect(pairs).toEqual([GOOD, { ...GOOD, id: '2' }]);
  });
  it('says file, row and field of the first row that can’t be read', async () => {
    const cases: [unknown, string | undefined, RegExp][] = [
      ['{"id": ', undefined, /not JSON/],
      [[1], undefined, /not a JSON object/],
      [{ ...GOOD, chosen: '' }, 'chosen', /chosen is empty/],
      [{ ...GOOD, rejected: undefined }, 'rejected', /rejected is missing/],
      [{ ...GOOD, promptId: 7 }, 'promptId', /promptId is number, not text/],
      [{ ...GOOD, messages: [] }, 'messages', /at least one/],
      [{ ...GOOD, messages: [{ role: 'robot', content: 'x' }] }, 'messages', /message 1 needs a role/],
      [{ ...GOOD, aspect: 3 }, 'aspect', /aspect/],
    ];
    for (const [row, field, message] of cases) {
      const file = await fileOf(GOOD, row);
      const failure = await failureOf(file);
      expect(failure.code).toBe('dataset.unreadable-row');
      expect(failure.message).toMatch(message);
      expect(failure.where).toEqual({ file, row: 2, ...(field && { field }) });
    }
  });
  it('tells an empty and an absent file apart', async () => {
    expect((await failureOf(await fileOf(''))).code).toBe('dataset.empty');
    expect((await failureOf(join(root, 'absent.jsonl'))).code).toBe('dataset.unreadable-file');
  });
});

describe('readPrompts', () => {
  it('keeps the file’s order', async () => {
    const rows = ['b', 'a'].map((id) => ({ id, messages: [{ role: 'user', content: id }] }));
    expect((await readPrompts(await fileOf(...rows))).map(({ id }) => id)).toEqual(['b', 'a']);
  });
});
