/** Queues in other orders than that of the import, and what is said of each pair. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RUN } from '#core/runConfig.ts';
import type { QueueOrder } from '#shared/queueOrder.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';
import { FakeCompute } from './fakeCompute.ts';

async function withPairs(count: number, compute = new FakeCompute()) {
  const opened = await openFacet({ compute });
  const file = join(opened.folder, 'pairs.jsonl');
  const rows = Array.from({ length: count }, (_, index) => ({
    ...{ prompt: `Q${index}`, response_a: `one ${index}`, response_b: `other ${index}` },
    source: index % 2 === 0 ? 'even' : 'odd',
  }));
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await importAll(opened.facet, file);
  const ada = await labelAs(opened.facet, 'Ada');
  /** Decides one after another; gives them with what is said of them. */
  const goThrough = async (order: QueueOrder, most = count) => {
    const seen: (readonly [number, string | null])[] = [];
    let queue = await ada.queue(null, { order });
    while (queue.items[0] && seen.length < most) {
      const { pairId, reason } = queue.items[0];
      seen.push([pairId, reason]);
      queue = await ada.decide({ pairId, verdict: 'a' }, { order });
    }
    return seen;
  };
  return { ...opened, ...opened.facet.services, ada, goThrough, compute };
}

describe('a queue at random', () => {
  it('holds each pair once, the same for the same seed, and takes up one that was taken back', async () => {
    const { ada, goThrough } = await withPairs(12);
    const order = { by: 'random', seed: 7 } as const;
    const first = await goThrough(order, 5);
    const again = await ada.undo({ order });
    expect(again.items[0]?.pairId).toBe(first.at(-1)?.[0]);
    const rest = await goThrough(order);
    const whole = [...first.slice(0, 4), ...rest].map(([pairId]) => pairId);
    expect([...whole].sort((x, y) => x - y)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    expect(whole).not.toEqual([...whole].sort((x, y) => x - y));
    const other = await withPairs(12);
    expect((await other.goThrough(order)).map(([pairId]) => pairId)).toEqual(whole);
    const third = await withPairs(12);
    expect((await third.goThrough({ by: 'random', seed: 8 })).map(([id]) => id)).not.toEqual(whole);
  });
});

describe('a queue of the least labelled', () => {
  it('begins where nobody has labelled, and says how many have', async () => {
    const { facet, goThrough } = await withPairs(4);
    const bo = await labelAs(facet, 'Bo');
    const cy = await labelAs(facet, 'Cy');
    for (const pairId of [1, 2]) await bo.decide({ pairId, verdict: 'b' });
    await cy.decide({ pairId: 1, verdict: 'a' });
    await cy.decide({ pairId: 3, verdict: 'skip' });
    expect(await goThrough({ by: 'least' })).toEqual([
      [3, 'nobody has labelled it yet'],
      [4, 'nobody has labelled it yet'],
      [2, '1 person has labelled it'],
      [1, '2 people have labelled it'],
    ]);
  });
});

describe('a queue of sources in shares', () => {
  it('takes three of one for each of the other, then what is left', async () => {
    const { goThrough, library } = await withPairs(12);
    const sources = await library.sources();
    const idOf = (name: string) => sources.find((source) => source.name === name)?.id ?? 0;
    const shares = [
      { sourceId: idOf('even'), share: 3 },
      { sourceId: idOf('odd'), share: 1 },
    ];
    const seen = await goThrough({ by: 'sources', shares });
    // Even sources have odd ids, since ids begin at 1.
    const even = seen.map(([pairId]) => pairId % 2 === 1);
    expect(even.slice(0, 8).filter(Boolean)).toHaveLength(6);
    expect(even.slice(0, 4).filter(Boolean)).toHaveLength(3);
    expect(even.slice(8)).toEqual([false, false, false, false]);
    const alone = await withPairs(4);
    const only = (await alone.library.sources()).filter(({ name }) => name === 'odd');
    const [first] = await alone.goThrough({
      by: 'sources',
      shares: [{ sourceId: only[0]?.id ?? 0, share: 1 }],
    });
    expect(first?.[0]).toBe(2);
  });
});

describe('a queue by need', () => {
  async function trained({ bestAt = null, steps = 1 }: { bestAt?: number | null; steps?: number } = {}) {
    const compute = new FakeCompute();
    compute.bestAt = bestAt;
    const opened = await withPairs(8, compute);
    const { facet, folder, runs, models } = opened;
    const bo = await labelAs(facet, 'Bo');
    for (const pairId of [7, 8]) await bo.decide({ pairId, verdict: 'a' });
    const modelDir = join(folder, 'tiny');
    mkdirSync(modelDir);
    writeFileSync(join(modelDir, 'config.json'), '{}');
    const { id: modelId } = await models.add(modelDir);
    const selection = { labels: 'people-then-imported', sourceIds: null } as const;
    const { id: runId } = await runs.start({ modelId, config: { ...DEFAULT_RUN, steps }, selection });
    await runs.wait(runId);
    return { ...opened, compute, runId };
  }
  const scored = async (
    { annotate, runId }: Awaited<ReturnType<typeof trained>>,
    checkpoint?: 'last' | 'best',
  ) => {
    for await (const frame of annotate.scoreOpen({ runId, checkpoint, limit: 100 }))
      if (frame.type === 'done') return frame.result.scored;
    return null;
  };

  it('brings the smallest margins first, and never says which reply the run prefers', async () => {
    const run = await trained();
    run.compute.scores = [3, -0.02, 0.5, -2, 0.1, 1];
    expect(await scored(run)).toBe(6);
    expect(await scored(run)).toBe(0);
    const seen = await run.goThrough({ by: 'need', runId: run.runId, need: 'margin' }, 6);
    expect(seen).toEqual([
      [2, 'margin 0.02'],
      [5, 'margin 0.10'],
      [3, 'margin 0.50'],
      [6, 'margin 1.00'],
      // Held out of the run, which says so of them.
      [7, 'margin 1.50'],
      [8, 'margin 1.50'],
    ]);
  });

  it('reads the figures of the checkpoint that is named, and of no other', async () => {
    const run = await trained({ bestAt: 1, steps: 2 });
    run.compute.scores = [3, -0.02, 0.5, -2, 0.1, 1];
    const byMargin = (checkpoint: 'last' | 'best') =>
      run.goThrough({ by: 'need', runId: run.runId, need: 'margin', checkpoint }, 1);
    expect(await scored(run, 'best')).toBe(6);
    const used = run.compute.jobs.findLast((job) => job.kind === 'score')?.checkpointDir;
    expect(used?.split('/').at(-1)).toBe('best-1');
    run.compute.scores = [3, 2, 1, 0.5, 0.7, 0.9];
    expect(await scored(run, 'last')).toBe(6);
    expect(await byMargin('last')).toEqual([[4, 'margin 0.50']]);
    expect(await byMargin('best')).toEqual([[2, 'margin 0.02']]);
  });

  it('brings codes with few labels first, and says how many they have', async () => {
    const { goThrough, runId } = await trained();
    // Odd prompts fire code 2, even ones code 0: each has one label so far.
    const seen = await goThrough({ by: 'need', runId, need: 'codes' }, 2);
    expect(seen.map(([, reason]) => reason)).toEqual(['code 2 has 1 label', 'code 0 has 1 label']);
  });

  it('takes all together, the two that ask most named, and prior entropy where nothing was scored', async () => {
    const run = await trained();
    const [before] = await run.goThrough({ by: 'need', runId: run.runId, need: 'entropy' }, 1);
    // H(0.8, 0.2) = 0.50 nats, H(0.1, 0.9) = 0.33.
    expect(before).toEqual([2, 'code entropy 0.50 nats']);
    run.compute.scores = [3, 0, 0.01, -2, 4, 1];
    await scored(run);
    const [first] = await run.goThrough({ by: 'need', runId: run.runId, need: 'any' }, 1);
    expect(first?.[0]).toBe(3);
    expect(first?.[1]).toContain('margin 0.01');
    expect(first?.[1]?.split('; ')).toHaveLength(2);
  });

  it('says how far a verdict would move the margin, where the pair was scored', async () => {
    const run = await trained();
    run.compute.scores = [3, -0.02, 0.5, -2, 0.1, 1];
    await scored(run);
    // The posterior moves each margin by 1 for the verdict and by 0.5 against it.
    const [first] = await run.goThrough({ by: 'need', runId: run.runId, need: 'gap' }, 1);
    expect(first?.[1]).toBe('a verdict moves the margin by 0.75');
  });

  it('brings codes on which people differ first, and of those the pairs whose margin is not large', async () => {
    const { facet, goThrough, runId } = await trained();
    const cy = await labelAs(facet, 'Cy');
    // Bo prefers the first reply of both: of the odd pair the two differ, of the even one they do not.
    await cy.decide({ pairId: 7, verdict: 'b' });
    await cy.decide({ pairId: 8, verdict: 'a' });
    const seen = await goThrough({ by: 'need', runId, need: 'disagreement' });
    // 6/11 and 5/11 with ten comparisons of the whole's 1/2; where m = 1.5, the mean with 2σ(m)(1 − σ(m)) = 0.298.
    const percent = (share: number) => `people would differ in ${share} %`;
    expect(seen).toEqual([
      ...[1, 3, 5].map((pairId) => [pairId, percent(55)]),
      ...[2, 4, 6].map((pairId) => [pairId, percent(45)]),
      [7, percent(42)],
      [8, percent(38)],
    ]);
  });

  it('groups agreement by the codes of the same run', async () => {
    const { data, runId } = await trained();
    for await (const frame of data.agreement({ raters: 'people', runId, seed: 0 })) {
      if (frame.type !== 'done') continue;
      expect(frame.result.codes).toEqual([]);
      const [bo] = frame.result.people;
      expect(bo?.codes.map(({ code, decided }) => [code, decided])).toEqual([
        [0, 1],
        [2, 1],
      ]);
    }
  });
});
