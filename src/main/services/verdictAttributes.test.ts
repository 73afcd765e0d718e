/** What a verdict says beside which reply is better: stored with it, undone with it, asked for, carried in files. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NO_ATTRIBUTES, PLAIN_RULES, type VerdictAttributes } from '#core/verdictAttributes.ts';
import { exported, WHOLE } from '../export/testThreePeople.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';

const SAID: VerdictAttributes = {
  strength: 3,
  aspects: { Honest: 'a', Helpful: 'na' },
  confidence: 4,
  rationale: 'It answers\nthe question.',
  flag: 'the prompt is cut off',
};

async function twoPairs() {
  const opened = await openFacet();
  const file = join(opened.folder, 'pairs.jsonl');
  const rows = [1, 2].map((n) => ({ prompt: `Q${n}`, chosen: `good ${n}`, rejected: `poor ${n}` }));
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await importAll(opened.facet, file);
  return { ...opened, ada: await labelAs(opened.facet) };
}

describe('what a verdict says beside', () => {
  it('is stored with it, undone and redone with it, and overwritten by nothing', async () => {
    const { ada, facet } = await twoPairs();
    await ada.decide({ pairId: 1, verdict: 'a', attributes: SAID });
    const second = await ada.decide({ pairId: 1, verdict: 'tie', attributes: { ...SAID, rationale: null } });
    expect(second.undo?.attributes).toEqual({ ...SAID, strength: null, rationale: null });
    const undone = await ada.undo();
    expect(undone.items[0]).toMatchObject({ pairId: 1, verdict: 'a', attributes: SAID });
    expect(undone.redo?.attributes).toEqual({ ...SAID, strength: null, rationale: null });
    await ada.redo();
    const { history } = facet.services.annotate.verdicts(1);
    expect(history.map(({ action, attributes: { rationale } }) => [action, rationale])).toEqual([
      ['decide', SAID.rationale],
      ['decide', null],
      ['undo', SAID.rationale],
      ['redo', null],
    ]);
  });

  it('goes into our own files and comes back the same', async () => {
    const { ada, path, folder } = await twoPairs();
    await ada.decide({ pairId: 1, verdict: 'b', attributes: SAID });
    await ada.decide({ pairId: 2, verdict: 'skip', attributes: { ...NO_ATTRIBUTES, flag: 'spam' } });
    for (const file of ['jsonl', 'csv', 'parquet'] as const) {
      const out = join(folder, `whole.${file}`);
      await exported(path, { ...WHOLE, file, out });
      const copy = await openFacet();
      await importAll(copy.facet, out);
      const { history } = copy.facet.services.annotate.verdicts(1);
      expect(history.at(-1)).toMatchObject({ annotator: 'Ada', decision: 'b', attributes: SAID });
      expect(copy.facet.services.annotate.verdicts(2).history.at(-1)?.attributes.flag).toBe('spam');
    }
  });
});

describe('what a project asks', () => {
  it('refuses a verdict without it, keeps nothing of it, and takes the whole one', async () => {
    const { ada, facet } = await twoPairs();
    const aspects = [{ name: 'Honest', description: 'says what is true', required: true }];
    await facet.services.project.updateSettings({ verdict: { ...PLAIN_RULES, strength: 'seven', aspects } });
    expect(facet.services.project.current()?.settings).toMatchObject({ blind: true, verdict: { aspects } });
    for (const attributes of [NO_ATTRIBUTES, { ...NO_ATTRIBUTES, strength: 2 }])
      await expect(ada.decide({ pairId: 1, verdict: 'a', attributes })).rejects.toMatchObject({
        failure: { code: 'annotate.incomplete' },
      });
    expect(facet.services.annotate.verdicts(1).history).toEqual([]);
    await ada.decide({ pairId: 1, verdict: 'skip' });
    await ada.decide({ pairId: 1, verdict: 'a', attributes: SAID });
    expect(facet.services.annotate.verdicts(1).standing).toEqual([{ annotator: 'Ada', verdict: 'a' }]);
  });

  it('wants a reason where others say otherwise, after the verdict is stored, and only then', async () => {
    const { ada, facet } = await twoPairs();
    await facet.services.project.updateSettings({ verdict: { ...PLAIN_RULES, rationale: 'disagreement' } });
    // The file prefers a reply of each pair.
    const queue = await ada.decide({ pairId: 1, verdict: 'tie' });
    expect(queue.why).toBe(1);
    expect(facet.services.annotate.verdicts(1).standing).toEqual([{ annotator: 'Ada', verdict: 'tie' }]);
    const said = await ada.decide({ pairId: 1, verdict: 'tie', attributes: SAID });
    expect(said.why).toBeNull();
    expect((await ada.decide({ pairId: 1, verdict: 'skip' })).why).toBeNull();
  });
});

describe('a reply that an annotator writes', () => {
  it('is chosen over its original, which stays; the pair stays open', async () => {
    const { ada, facet } = await twoPairs();
    const shown = (await ada.queue()).items[0];
    const original = shown?.left.text ?? '';
    const key = shown?.left.key ?? 'a';
    const queue = await ada.write({ pairId: 1, text: `${original}, edited`, over: [key] });
    expect(queue.items[0]).toMatchObject({ pairId: 1, verdict: null });
    expect(queue.total).toBe(3);
    expect(queue.undo).toMatchObject({ pairId: 3, otherwise: null });
    const { library, annotate } = facet.services;
    const texts = await library.pair(3, ada.who);
    const [chosen] = annotate.verdicts(3).standing;
    const of = texts.left.key === chosen?.verdict ? texts.left : texts.right;
    expect(of.text).toBe(`${original}, edited`);
    expect([texts.left.text, texts.right.text]).toContain(original);
    expect(texts.messages).toEqual(shown?.messages);
    expect(annotate.verdicts(1).standing).toEqual([]);
    const undone = await ada.undo();
    expect(undone.items[0]).toMatchObject({ pairId: 3, verdict: null });
  });

  it('may be a third one, chosen over both, and is stored once however often it is asked', async () => {
    const { ada, facet } = await twoPairs();
    await ada.queue();
    const requestId = crypto.randomUUID();
    for (let time = 0; time < 2; time += 1)
      await ada.write({ pairId: 2, text: 'better than both', over: ['a', 'b'], requestId });
    const filter = { text: 'better than both', sourceId: null, status: 'all' } as const;
    const rows = await facet.services.library.rows(filter, 0, 10, ada.who);
    expect(rows.map(({ id, source }) => [id, source])).toEqual([
      [3, 'Written replies'],
      [4, 'Written replies'],
    ]);
    for (const pairId of [3, 4]) {
      expect(facet.services.annotate.verdicts(pairId).history).toHaveLength(1);
      const [{ leftKey } = { leftKey: 'a' }] = facet.services.annotate.verdicts(pairId).history;
      expect(leftKey).toBeNull();
    }
  });

  it('is refused where it is empty or the same', async () => {
    const { ada } = await twoPairs();
    const left = (await ada.queue()).items[0]?.left;
    const write = (text: string) => ada.write({ pairId: 1, text, over: [left?.key ?? 'a'] });
    await expect(write(' \n')).rejects.toMatchObject({ failure: { code: 'annotate.empty-reply' } });
    await expect(write(left?.text ?? '')).rejects.toMatchObject({ failure: { code: 'annotate.same-reply' } });
    expect((await ada.queue()).total).toBe(2);
  });
});
