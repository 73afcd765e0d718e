import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Facet } from '../app.ts';
import { facetOver, importAll, openFacet } from '../testFacet.ts';

async function withPairs(count: number) {
  const opened = await openFacet();
  const file = join(opened.folder, 'pairs.jsonl');
  const rows = Array.from({ length: count }, (_, index) => ({
    prompt: `Question ${index}`,
    chosen: `yes ${index}`,
    rejected: `no ${index}`,
  }));
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  await importAll(opened.facet, file);
  return opened;
}
const sides = (queue: Awaited<ReturnType<Facet['services']['annotate']['queue']>>) =>
  queue.items.map(({ pairId, left }) => [pairId, left.key]);
const decision = (pairId: number, verdict: 'a' | 'b' | 'tie' | 'skip', durationMs = 100) =>
  ({ pairId, verdict, leftKey: 'b', durationMs }) as const;

describe('the annotation queue', () => {
  it('shows the undecided in stable order, five ahead, and moves on with each decision', async () => {
    const { facet } = await withPairs(7);
    const { annotate } = facet.services;
    const first = await annotate.queue(null);
    expect(first.items.map(({ pairId }) => pairId)).toEqual([1, 2, 3, 4, 5]);
    expect(first).toMatchObject({ remaining: 7, total: 7, decided: 0, canUndo: false });
    expect(first.session).toEqual({ decided: 0, medianMs: null });
    await annotate.decide(decision(1, 'a', 100));
    await annotate.decide(decision(2, 'skip', 300));
    const third = await annotate.decide(decision(3, 'tie', 5000));
    expect(third.items.map(({ pairId }) => pairId)).toEqual([4, 5, 6, 7]);
    expect(third).toMatchObject({ remaining: 4, decided: 3, canUndo: true });
    expect(third.session).toEqual({ decided: 3, medianMs: 300 });
  });

  it('shows both replies on the sides that were drawn, after a restart too', async () => {
    const { facet, folder, path } = await withPairs(40);
    const seen: [number, string][] = [];
    for (let step = 0; step < 40; step++) {
      const { items } = await facet.services.annotate.queue(null);
      const item = items[0];
      if (!item) break;
      seen.push([item.pairId, item.left.key]);
      expect([item.left.key, item.right.key].sort()).toEqual(['a', 'b']);
      await facet.services.annotate.decide(decision(item.pairId, 'skip'));
    }
    // 40 draws of one side have a chance of 2 in 10^12.
    expect(new Set(seen.map(([, key]) => key)).size).toBe(2);
    await facet.dispose();
    const again = facetOver(folder);
    onTestFinished(() => again.dispose());
    await again.services.project.open(path);
    for (const [pairId, key] of seen) {
      const { items } = await again.services.annotate.queue(pairId);
      expect(items[0]).toMatchObject({ pairId, left: { key }, verdict: 'skip' });
    }
  });

  it('undoes without end, across a restart, and puts the pair first on the same sides', async () => {
    const { facet, folder, path } = await withPairs(6);
    const before = sides(await facet.services.annotate.queue(null));
    for (const pairId of [1, 2, 3]) await facet.services.annotate.decide(decision(pairId, 'a'));
    const undone = await facet.services.annotate.undo();
    expect(sides(undone)[0]).toEqual(before[2]);
    expect(undone).toMatchObject({ remaining: 4, session: { decided: 2 } });
    await facet.dispose();

    const again = facetOver(folder);
    onTestFinished(() => again.dispose());
    await again.services.project.open(path);
    expect(sides(await again.services.annotate.undo())[0]).toEqual(before[1]);
    const last = await again.services.annotate.undo();
    expect(sides(last)[0]).toEqual(before[0]);
    expect(last).toMatchObject({ decided: 0, canUndo: false, session: { decided: 0 } });
    await expect(again.services.annotate.undo()).rejects.toMatchObject({
      failure: { code: 'annotate.nothing-to-undo' },
    });
  });

  it('puts a decided pair first when asked, and a new verdict supersedes the old', async () => {
    const { facet } = await withPairs(3);
    const { annotate } = facet.services;
    await annotate.decide(decision(2, 'a'));
    const again = await annotate.queue(2);
    expect(again.items.map(({ pairId }) => pairId)).toEqual([2, 1, 3]);
    expect(again.items[0]?.verdict).toBe('a');
    const after = await annotate.decide(decision(2, 'b'));
    expect(after).toMatchObject({ decided: 1, remaining: 2 });
    const history = (await annotate.queue(2)).items[0]?.revealed?.history;
    expect(history?.map((entry) => entry.decision)).toEqual(['a', 'b']);
  });

  it('wants pairs written for labelling before what came with a file', async () => {
    const { facet } = await withPairs(7);
    const { annotate, playground } = facet.services;
    const messages = [{ role: 'user' as const, content: 'New?' }];
    const { pairId } = await playground.keepPair({ messages, a: 'yes', b: 'no', origin: 'a test' });
    expect((await annotate.queue(null)).items.map((item) => item.pairId)).toEqual([pairId, 1, 2, 3, 4]);
    const after = await annotate.decide(decision(pairId ?? 0, 'a'));
    expect(after.items.map((item) => item.pairId)).toEqual([1, 2, 3, 4, 5]);
  });

  it("hides the file's label until a verdict stands, unless the project reveals it", async () => {
    const { facet } = await withPairs(2);
    const { annotate, project } = facet.services;
    expect((await annotate.queue(null)).items[0]?.revealed).toBeNull();
    await annotate.decide(decision(1, 'tie'));
    expect((await annotate.queue(1)).items[0]?.revealed?.imported).toMatch(/^[ab]$/);
    await project.updateSettings({ blind: false });
    expect((await annotate.queue(null)).items[0]?.revealed?.imported).toMatch(/^[ab]$/);
  });

  it('is separate for each annotator', async () => {
    const { facet } = await withPairs(3);
    const { annotate, library } = facet.services;
    await annotate.decide(decision(1, 'a'));
    expect(await annotate.selectAnnotator(' Ben ')).toMatchObject({ name: 'Ben', current: true });
    expect(await annotate.queue(null)).toMatchObject({
      remaining: 3,
      canUndo: false,
      session: { decided: 0 },
    });
    expect(library.statusCounts({ text: '', sourceId: null })).toMatchObject({ unlabelled: 3 });
    expect(annotate.annotators().map(({ name, current }) => [name, current])).toEqual([
      ['Annotator A', false],
      ['Ben', true],
    ]);
  });

  it('refuses a pair that is not there', async () => {
    const { facet } = await withPairs(1);
    const failure = { failure: { code: 'annotate.unknown-pair' } };
    await expect(facet.services.annotate.queue(99)).rejects.toMatchObject(failure);
    await expect(facet.services.annotate.decide(decision(99, 'a'))).rejects.toMatchObject(failure);
  });
});
