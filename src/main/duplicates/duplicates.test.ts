import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Conditions, DuplicateKind } from '#shared/library.ts';
import { temporaryFolder } from '../data/testProject.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { runLeakage } from './leakage.ts';

const LONG = 'How should I word a polite letter to my landlord about the heating that does not work?';
const OTHER = 'Which of these three recipes is the quickest one to cook on a weekday evening for four?';

async function project(rows: readonly object[]) {
  const opened = await openFacet();
  const file = join(opened.folder, 'pairs.jsonl');
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await importAll(opened.facet, file);
  const { data } = opened.facet.services;
  const search = async () => {
    for await (const frame of data.searchDuplicates(0.8)) if (frame.type === 'done') return frame.result;
    throw new Error('the search ended early');
  };
  return { ...opened, data, search };
}

describe('near-duplicates of a project', () => {
  it('are found among prompts, replies and pairs, stored, and shown in groups', async () => {
    const { facet, data, search } = await project([
      {
        prompt: LONG,
        chosen: 'Write to them kindly and name the date.',
        rejected: 'Shout at them until they listen to you.',
      },
      {
        prompt: LONG.toUpperCase(),
        chosen: 'Shout at them until they listen to you!',
        rejected: 'Write to them kindly and name the date',
      },
      {
        prompt: OTHER,
        chosen: 'The second one takes ten minutes.',
        rejected: 'Write to them kindly and name the date.',
      },
      {
        prompt: `${OTHER} Please.`,
        chosen: 'None of them, order a pizza instead.',
        rejected: 'I would not know that at all.',
      },
    ]);
    expect(await data.duplicateSummary()).toBeNull();
    expect(await search()).toMatchObject({
      threshold: 0.8,
      pairs: 4,
      later: 0,
      counts: {
        prompts: { groups: 2, members: 4 },
        replies: { groups: 2, members: 5 },
        pairs: { groups: 1, members: 2 },
      },
    });
    const [pairs] = await data.duplicateGroups('pairs', 0, 10);
    expect(pairs?.members.map(({ pairId }) => pairId)).toEqual([1, 2]);
    const replies = await data.duplicateGroups('replies', 0, 10);
    expect(replies.map(({ size }) => size)).toEqual([3, 2]);
    expect(replies[0]?.members[0]).toMatchObject({
      text: 'Write to them kindly and name the date.',
      more: LONG,
    });
    for (const { similarity } of replies.flatMap(({ members }) => members))
      expect(similarity).toBeGreaterThanOrEqual(0.8);
    expect(await data.duplicateGroups('prompts', 1, 10)).toHaveLength(1);
    const { library } = facet.services;
    const idsOf = async (duplicates: NonNullable<Conditions['duplicates']>) => {
      const filter = { text: '', sourceId: null, status: 'all', where: { duplicates } } as const;
      return (await library.rows(filter, 0, 10)).map(({ id }) => id);
    };
    const others = (kind: DuplicateKind, group?: number, keep?: number) =>
      idsOf({ kind, which: 'others', group, keep });
    expect(await idsOf({ kind: 'pairs', which: 'any' })).toEqual([1, 2]);
    expect(await idsOf({ kind: 'prompts', which: 'any' })).toEqual([1, 2, 3, 4]);
    expect(await idsOf({ kind: 'replies', which: 'any', group: 1 })).toEqual([1, 2]);
    // Keeping one leaves the pairs of the others: of the first, or of the one that is named.
    expect(await others('pairs', 0)).toEqual([2]);
    expect(await others('pairs', 0, 2)).toEqual([1]);
    expect(await others('prompts')).toEqual([2, 4]);
    const kind = replies[0]?.members[2]?.itemId;
    expect(await others('replies', 0, kind)).toEqual([1, 2]);
    // What is left out is no duplicate of anything any more, and comes back.
    const filter = {
      text: '',
      sourceId: null,
      status: 'all',
      where: { duplicates: { kind: 'prompts', which: 'others' } },
    } as const;
    const change = await library.change({ selection: { filter, except: [] }, action: 'exclude' });
    expect(change).toMatchObject({ pairs: 2 });
    expect(await others('prompts')).toEqual([]);
    await library.undoChange(change?.id ?? 0);
    expect(await others('prompts')).toEqual([2, 4]);
  });

  it('are those of the last search, and pairs that came since are counted', async () => {
    const { facet, folder, data, search } = await project([
      { prompt: LONG, chosen: 'Yes.', rejected: 'No.' },
      { prompt: OTHER, chosen: 'Perhaps.', rejected: 'Never.' },
    ]);
    expect((await search()).counts.prompts.groups).toBe(0);
    const more = join(folder, 'more.jsonl');
    writeFileSync(more, `${JSON.stringify({ prompt: `${LONG}!`, chosen: 'Yes.', rejected: 'No!' })}\n`);
    await importAll(facet, more);
    expect(await data.duplicateSummary()).toMatchObject({ later: 1, counts: { prompts: { groups: 0 } } });
    expect(await search()).toMatchObject({ later: 0, counts: { prompts: { groups: 1, members: 2 } } });
  });

  it('keep what was found before when a search is cancelled', async () => {
    const rows = Array.from({ length: 1500 }, (_, n) => ({
      prompt: `${LONG} ${n}`,
      chosen: `c${n}`,
      rejected: `r${n}`,
    }));
    const { data, search } = await project(rows);
    const before = await search();
    expect(before.counts.prompts).toEqual({ groups: 1, members: 1500 });
    const cancel = new AbortController();
    const searching = async () => {
      for await (const frame of data.searchDuplicates(0.9, cancel.signal))
        if (frame.type === 'progress') cancel.abort();
    };
    await expect(searching()).rejects.toThrow('Stopped');
    expect(await data.duplicateSummary()).toEqual(before);
  });
});

describe('leakage of a run', () => {
  it('is every held-out prompt that a training prompt is like, with the nearest one', async () => {
    const runDir = join(temporaryFolder(), '1');
    mkdirSync(runDir);
    const texts = [
      LONG,
      `${LONG} Thanks.`,
      OTHER,
      'Something that nobody else has asked here before?',
      `${OTHER}!`,
    ];
    const rows = texts.flatMap((content, index) =>
      [1, 2].map((pair) => ({
        id: String(2 * index + pair),
        promptId: String(index + 1),
        messages: [{ role: 'user', content }],
      })),
    );
    writeFileSync(join(runDir, 'dataset.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await expect(runLeakage(runDir, 0.8, () => undefined)).rejects.toThrow('not said yet');
    // Prompts 3 and 5 are both held out: they are like each other, and like nothing that is trained on.
    writeFileSync(join(runDir, 'held-out-prompts.json'), JSON.stringify(['2', '3', '4', '5']));
    expect(await runLeakage(runDir, 0.8, () => undefined)).toMatchObject({
      heldOut: { prompts: 4, pairs: 8 },
      leaking: { prompts: 1, pairs: 2 },
      examples: [{ promptId: 2, likePromptId: 1, like: LONG }],
    });
  });
});
