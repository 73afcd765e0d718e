import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type DataExport, dataExportSchema } from '#shared/dataEntities.ts';
import { CodeCoverage } from './CodeCoverage.ts';
import { exported, threePeople } from './testThreePeople.ts';

type Row = Readonly<Record<'prompt' | 'chosen', readonly { readonly content: string }[]>>;

/** Prompts and preferred replies of an export in TRL's shape. */
async function prompts(changes: Partial<DataExport>, pairs: Partial<DataExport['pairs']> = {}) {
  const { path, folder } = await threePeople();
  const out = join(folder, 'out.jsonl');
  const request = dataExportSchema.parse({ shape: 'trl', file: 'jsonl', out, ...changes, pairs });
  await exported(path, request);
  return readFileSync(out, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row)
    .map(({ prompt, chosen }) => [prompt, chosen].map((messages) => messages[0]?.content));
}

describe('which pairs leave', () => {
  it('those that hold a text', async () => {
    expect(await prompts({}, { text: 'P3' })).toEqual([['P3', 'c3']]);
  });

  it('those of a person, by their verdict alone', async () => {
    // On the first pair Ada and Bo say a, Cy b; on the fourth Ada skipped, Bo took his verdict back, Cy says b.
    const ofCy = await prompts({}, { annotators: ['Cy'] });
    const ofAda = await prompts({}, { annotators: ['Ada'] });
    expect(ofCy.map(([prompt]) => prompt)).toContain('Q1');
    const [cy, ada] = [ofCy, ofAda].map((rows) => rows.find(([prompt]) => prompt === 'Q1')?.[1]);
    expect(cy).not.toBe(ada);
    expect(ofAda).toHaveLength(1);
  });

  it('those with a tag, and what a Library shows of the excluded ones', async () => {
    const { facet, path, folder } = await threePeople();
    const { library } = facet.services;
    await library.change({ selection: { ids: [5, 6] }, action: 'tag', tag: 'tea' });
    await library.change({ selection: { ids: [6] }, action: 'exclude' });
    const rows = async (pairs: Partial<DataExport['pairs']>) => {
      const out = join(folder, 'out.jsonl');
      const request = dataExportSchema.parse({ shape: 'trl', file: 'jsonl', out, pairs });
      return (await exported(path, request)).files[0]?.rows;
    };
    expect(await rows({ tags: ['tea'] })).toBe(1);
    const filter = { text: '', sourceId: null, status: 'all', where: { shown: 'excluded' } } as const;
    expect(await rows({ shown: { filter, annotatorId: null } })).toBe(1);
    await expect(rows({ tags: ['coffee'] })).rejects.toThrow('no tag “coffee”');
  });

  it('disputed ones', async () => {
    expect((await prompts({ labels: 'all' }, { status: 'disputed' })).map(([prompt]) => prompt)).toEqual([
      'Q1',
      'Q1',
      'Q1',
    ]);
  });

  it('what a Library shows', async () => {
    const filter = { text: 'P', sourceId: null, status: 'all' } as const;
    expect(await prompts({}, { shown: { filter, annotatorId: null } })).toHaveLength(6);
  });

  it('names that a project lacks are refused with those that it has', async () => {
    await expect(prompts({}, { annotators: ['Dee'] })).rejects.toThrow('no annotator “Dee”');
    await expect(prompts({}, { sources: ['x'] })).rejects.toThrow('no source “x”');
    await expect(prompts({ labels: 'adjudicated', adjudicator: 'Dee' })).rejects.toThrow('“Dee”');
  });
});

describe('labels that prefer neither reply', () => {
  it('leave as a row each way where that is asked for', async () => {
    const both = await prompts({ bothBad: 'both-ways' }, { text: 'Q2' });
    expect(both.map(([, chosen]) => chosen).sort()).toEqual(['    indented\n', '\u3000wide'].sort());
    expect(await prompts({ ties: 'both-ways' }, { text: 'Q2' })).toEqual([]);
  });
});

describe('beside the rows', () => {
  it('sets that dataset_info.json names already stay there', async () => {
    const { path, folder } = await threePeople();
    const info = join(folder, 'dataset_info.json');
    writeFileSync(info, '{"mine": {"file_name": "mine.json"}}');
    const out = join(folder, 'pairs.jsonl');
    await exported(path, dataExportSchema.parse({ shape: 'llama-factory', file: 'jsonl', out }));
    expect(Object.keys(JSON.parse(readFileSync(info, 'utf8')) as object)).toEqual(['mine', 'pairs']);
    writeFileSync(info, 'mine');
    await expect(
      exported(path, dataExportSchema.parse({ shape: 'llama-factory', file: 'jsonl', out })),
    ).rejects.toThrow('dataset_info.json');
    expect(readFileSync(info, 'utf8')).toBe('mine');
  });

  it('the card says how people agree', async () => {
    const { path, folder } = await threePeople();
    const out = join(folder, 'pairs.jsonl');
    const request = dataExportSchema.parse({ shape: 'trl', file: 'jsonl', out });
    const { card } = await exported(path, request);
    const text = readFileSync(card, 'utf8');
    // Pair 1: a a b; pair 2: both bad three times; pair 4: one opinion. 4 of 6 comparisons are the same.
    expect(text).toContain('of 6 comparisons of two labels of one pair, 66.7 % are the same');
    // Coincidences by hand: o(a,b) = 2, n = (a 2, b 1, both bad 3), so 1 − 5 · 2 / (36 − 14) = 0.545.
    expect(text).toContain('alpha 0.545');
    await expect(exported(path, { ...request, runId: 7 })).rejects.toThrow('no run 7');
  });

  it('the card says which codes of a run the prompts cover, each prompt once', () => {
    const weights = [[0.75, 0.25, 0], [0.25, 0.5, 0.25], null].map((row) => row && Float32Array.from(row));
    const coverage = new CodeCoverage({ run: 'First', weights: (promptId) => weights[promptId] ?? null });
    for (const promptId of [0, 0, 1, 2]) coverage.add(promptId);
    const [summary, ...rest] = coverage.lines();
    expect(summary).toContain('known of 2 of 3 prompts; 2 of 3 codes');
    expect(rest).toContain('| 0 | 50.0 % | 1 |');
    expect(rest).toContain('| 2 | 12.5 % | 0 |');
  });
});
