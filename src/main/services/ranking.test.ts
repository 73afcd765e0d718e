import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NO_ATTRIBUTES } from '#core/verdictAttributes.ts';
import type { Queue } from '#shared/entities.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';

/** Two pairs, and between them three replies to rank. */
async function withSet(replies = ['one', 'two', 'three']) {
  const opened = await openFacet();
  const file = join(opened.folder, 'mixed.jsonl');
  const rows = [
    { prompt: 'Q1', chosen: 'yes', rejected: 'no' },
    { prompt: 'Q2', responses: replies },
    { prompt: 'Q3', chosen: 'yes', rejected: 'no' },
  ];
  const imported: string[] = [];
  for (const [index, row] of rows.entries()) {
    const own = index === 1 ? file : join(opened.folder, `pairs-${index}.jsonl`);
    writeFileSync(own, JSON.stringify(row));
    await importAll(opened.facet, own);
    imported.push(own);
  }
  return { ...opened, file: imported[1] as string, ada: await labelAs(opened.facet) };
}
const shown = ({ items }: Queue) => items.map(({ pairId, set }) => [pairId, set?.replies.length ?? null]);
const setOf = ({ items }: Queue) => {
  const set = items.find((item) => item.set !== null)?.set;
  if (!set) throw new Error('no set is in the queue');
  return set;
};

describe('three and more replies to one prompt', () => {
  it('come as one item, in an order that is drawn for each person and stays', async () => {
    const { facet, ada } = await withSet(['a1', 'b2', 'c3', 'd4', 'e5', 'f6']);
    const first = await ada.queue();
    expect(shown(first)).toEqual([
      [1, null],
      [2, 6],
      [17, null],
    ]);
    expect(first).toMatchObject({ total: 17, remaining: 17 });
    const order = (queue: Queue) => setOf(queue).replies.map(({ text }) => text);
    expect(order(await ada.queue())).toEqual(order(first));
    expect(order(first).toSorted()).toEqual(['a1', 'b2', 'c3', 'd4', 'e5', 'f6']);
    const orders = new Set([order(first).join()]);
    for (const name of ['Bo', 'Cy', 'Di', 'Ed', 'Flo'])
      orders.add(order(await (await labelAs(facet, name)).queue()).join());
    expect(orders.size).toBeGreaterThan(1);
  });

  it('are ranked in one act: the order, and the verdict that it implies on each pair', async () => {
    const { facet, ada } = await withSet();
    await ada.decide({ pairId: 1, verdict: 'a' });
    const set = setOf(await ada.queue());
    const id = (text: string) => String(set.replies.find((reply) => reply.text === text)?.id);
    const ranks = { [id('two')]: 1, [id('one')]: 2, [id('three')]: 2 };
    const after = await ada.decide({ pairId: 2, verdict: 'skip', ranking: { setId: set.id, ranks } });
    expect(shown(after)).toEqual([[5, null]]);
    expect(after).toMatchObject({
      decided: 4,
      undo: { pairId: 2, setId: set.id },
      session: { medianMs: 100 },
    });
    const better: Record<string, string> = {};
    for (const pairId of [2, 3, 4]) {
      const { left, right, verdict } = await facet.services.library.pair(pairId, ada.who);
      const [a, b] = left.key === 'a' ? [left.text, right.text] : [right.text, left.text];
      better[[a, b].toSorted().join('-')] = verdict === 'a' ? a : verdict === 'b' ? b : String(verdict);
    }
    expect(better).toEqual({ 'one-two': 'two', 'three-two': 'two', 'one-three': 'tie' });

    const undone = await ada.undo();
    expect(shown(undone)[0]).toEqual([2, 3]);
    expect(undone).toMatchObject({ decided: 1, undo: { pairId: 1, setId: null }, redo: { setId: set.id } });
    expect(setOf(undone).ranks).toBeNull();
    const redone = await ada.redo();
    expect(redone).toMatchObject({ decided: 4, redo: null });
    expect(setOf(await ada.queue(3)).ranks).toEqual(ranks);
  });

  it('are ranked again, skipped or found bad as a whole, and each of it is taken back at once', async () => {
    const { ada } = await withSet();
    const set = setOf(await ada.queue(2));
    const whole = (ranks: Record<string, number> | null, verdict: 'skip' | 'both_bad' | 'a' = 'a') =>
      ada.decide({ pairId: 2, verdict, ranking: { setId: set.id, ranks } });
    const inOrder = (places: number[]) =>
      Object.fromEntries(set.replies.map(({ id }, index) => [String(id), places[index] as number]));
    await whole(null, 'skip');
    expect(await ada.queue()).toMatchObject({ skipped: 3 });
    await whole(inOrder([1, 2, 3]));
    await whole(inOrder([3, 2, 1]));
    expect(await whole(null, 'both_bad')).toMatchObject({ decided: 3, skipped: 0 });
    await ada.undo();
    expect(setOf(await ada.queue(4)).ranks).toEqual(inOrder([3, 2, 1]));
    await ada.undo();
    expect(setOf(await ada.queue(4)).ranks).toEqual(inOrder([1, 2, 3]));
    expect(await ada.undo()).toMatchObject({ skipped: 3 });
  });

  it('carry how much better each place is, and an order for each aspect, to the pairs and back', async () => {
    const { facet, ada } = await withSet();
    const aspects = ['Helpful', 'Honest'].map((name) => ({
      name,
      description: '',
      required: name === 'Helpful',
    }));
    await facet.services.project.updateSettings({
      verdict: { strength: 'four', aspects, rationale: 'optional', confidence: 'off' },
    });
    const set = setOf(await ada.queue(2));
    const id = (text: string) => String(set.replies.find((reply) => reply.text === text)?.id);
    const order = (...texts: string[]) =>
      Object.fromEntries(texts.map((text, place) => [id(text), place + 1]));
    const ranks = order('two', 'one', 'three');
    const given = { setId: set.id, ranks, steps: [1, 3], aspects: { Helpful: order('three', 'two', 'one') } };
    const decide = (ranking: object) =>
      ada.decide({
        ...{ pairId: 2, verdict: 'tie', attributes: { ...NO_ATTRIBUTES, rationale: 'The second is right.' } },
        ranking: { ...given, ...ranking },
      });
    const incomplete = { failure: { code: 'annotate.incomplete' } };
    await expect(decide({ steps: [1, null] })).rejects.toMatchObject(incomplete);
    await expect(decide({ aspects: { Honest: 'na' } })).rejects.toMatchObject(incomplete);
    await expect(decide({ steps: [1, 2, 3] })).rejects.toMatchObject({
      failure: { code: 'annotate.no-such-ranking' },
    });
    await expect(decide({ aspects: { Helpful: { [id('one')]: 1 } } })).rejects.toMatchObject({
      failure: { code: 'annotate.no-such-ranking' },
    });
    await decide({ aspects: { ...given.aspects, Honest: 'na' } });
    const said: Record<string, unknown> = {};
    for (const pairId of [2, 3, 4]) {
      const { left, right, verdict, attributes } = await facet.services.library.pair(pairId, ada.who);
      const texts = left.key === 'a' ? [left.text, right.text] : [right.text, left.text];
      const named = (key: string | undefined) => (key === 'a' ? texts[0] : key === 'b' ? texts[1] : key);
      expect(attributes).toMatchObject({ rationale: 'The second is right.', aspects: { Honest: 'na' } });
      said[texts.toSorted().join('-')] = [
        named(verdict ?? ''),
        attributes?.strength,
        named(attributes?.aspects.Helpful),
      ];
    }
    expect(said).toEqual({
      'one-two': ['two', 1, 'two'],
      'one-three': ['one', 3, 'three'],
      // At least as much better as the larger of the two steps.
      'three-two': ['two', 3, 'three'],
    });
    const stands = { ranks, steps: [1, 3], aspects: { ...given.aspects, Honest: 'na' } };
    expect(setOf(await ada.queue(3))).toMatchObject(stands);
    await ada.undo();
    expect(setOf(await ada.queue(3))).toMatchObject({ ranks: null, steps: [], aspects: {} });
    await ada.redo();
    expect(setOf(await ada.queue(3))).toMatchObject(stands);
  });

  it('want a place each', async () => {
    const { ada } = await withSet();
    const set = setOf(await ada.queue());
    const [one, two] = set.replies;
    const ranking = { setId: set.id, ranks: { [String(one?.id)]: 1, [String(two?.id)]: 2 } };
    await expect(ada.decide({ pairId: 2, verdict: 'a', ranking })).rejects.toMatchObject({
      failure: { code: 'annotate.no-such-ranking' },
    });
    await expect(
      ada.decide({ pairId: 2, verdict: 'tie', ranking: { setId: set.id, ranks: null } }),
    ).rejects.toMatchObject({ failure: { code: 'annotate.no-such-ranking' } });
  });

  it('come as pairs where one is excluded, and once from a file that is read again', async () => {
    const { facet, file, ada } = await withSet();
    expect((await importAll(facet, file)).counts).toMatchObject({ added: 0, alreadyThere: 1 });
    expect(shown(await ada.queue()).filter(([, replies]) => replies === 3)).toHaveLength(1);
    await facet.services.library.change({ selection: { ids: [3] }, action: 'exclude' });
    expect(shown(await ada.queue())).toEqual([1, 2, 4, 5].map((pairId) => [pairId, null]));
  });

  it('go to as many people as a pair does, whole', async () => {
    const { facet } = await withSet();
    await facet.services.project.updateSettings({ overlap: { labels: 1, share: 1 } });
    const [ada, bo] = [await labelAs(facet, 'Ada'), await labelAs(facet, 'Bo')];
    const sets = async (who: typeof ada) => (await who.queue()).items.filter(({ set }) => set !== null);
    const seen = (await sets(ada)).length;
    expect(seen).toBe(1);
    expect(await sets(bo)).toEqual([]);
  });
});
