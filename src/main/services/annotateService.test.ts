import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Queue } from '#shared/entities.ts';
import { facetOver, importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';
import { Connection } from './Connection.ts';

const scope = { filter: null, includeSkipped: false };

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
  return { ...opened, ada: await labelAs(opened.facet) };
}
const sides = (queue: Queue) => queue.items.map(({ pairId, left }) => [pairId, left.key]);
const decision = (pairId: number, verdict: 'a' | 'b' | 'tie' | 'skip', durationMs = 100) =>
  ({ pairId, verdict, leftKey: 'b', durationMs }) as const;

describe('the annotation queue', () => {
  it('shows the undecided in stable order, five ahead, and moves on with each decision', async () => {
    const { ada } = await withPairs(7);
    const first = await ada.queue();
    expect(first.items.map(({ pairId }) => pairId)).toEqual([1, 2, 3, 4, 5]);
    expect(first).toMatchObject({ remaining: 7, total: 7, decided: 0, undo: null });
    expect(first.session).toMatchObject({ decided: 0, medianMs: null, activeMs: 0 });
    await ada.decide(decision(1, 'a', 100));
    await ada.decide(decision(2, 'skip', 300));
    const third = await ada.decide(decision(3, 'tie', 5000));
    expect(third.items.map(({ pairId }) => pairId)).toEqual([4, 5, 6, 7]);
    expect(third).toMatchObject({
      remaining: 4,
      decided: 3,
      skipped: 1,
      undo: { pairId: 3, verdict: 'tie', prompt: 'Question 2' },
    });
    expect(third.session).toMatchObject({ decided: 3, medianMs: 300, activeMs: 5400, sinceBreakMs: 5400 });
  });

  it('shows both replies on the sides that were drawn, after a restart too', async () => {
    const { facet, ada, folder, path } = await withPairs(40);
    const seen: [number, string][] = [];
    for (let step = 0; step < 40; step++) {
      const { items } = await ada.queue(null);
      const item = items[0];
      if (!item) break;
      seen.push([item.pairId, item.left.key]);
      expect([item.left.key, item.right.key].sort()).toEqual(['a', 'b']);
      await ada.decide(decision(item.pairId, 'skip'));
    }
    // 40 draws of one side have a chance of 2 in 10^12.
    expect(new Set(seen.map(([, key]) => key)).size).toBe(2);
    await facet.dispose();
    const again = facetOver(folder);
    onTestFinished(() => again.dispose());
    await again.services.project.open(path);
    const later = await labelAs(again);
    for (const [pairId, key] of seen) {
      const { items } = await later.queue(pairId);
      expect(items[0]).toMatchObject({ pairId, left: { key }, verdict: 'skip' });
    }
  });

  it('undoes without end, across a restart, and puts the pair first on the same sides', async () => {
    const { facet, ada, folder, path } = await withPairs(6);
    const before = sides(await ada.queue(null));
    for (const pairId of [1, 2, 3]) await ada.decide(decision(pairId, 'a'));
    const undone = await ada.undo();
    expect(sides(undone)[0]).toEqual(before[2]);
    expect(undone).toMatchObject({ remaining: 4, session: { decided: 2 } });
    await facet.dispose();

    const again = facetOver(folder);
    onTestFinished(() => again.dispose());
    await again.services.project.open(path);
    const later = await labelAs(again);
    expect(sides(await later.undo())[0]).toEqual(before[1]);
    const last = await later.undo();
    expect(sides(last)[0]).toEqual(before[0]);
    expect(last).toMatchObject({ decided: 0, undo: null, session: { decided: 0 } });
    await expect(later.undo()).rejects.toMatchObject({
      failure: { code: 'annotate.nothing-to-undo' },
    });
  });

  it('puts a decided pair first when asked, and a new verdict supersedes the old', async () => {
    const { ada } = await withPairs(3);
    await ada.decide(decision(2, 'a'));
    const again = await ada.queue(2);
    expect(again.items.map(({ pairId }) => pairId)).toEqual([2, 1, 3]);
    expect(again.items[0]?.verdict).toBe('a');
    const after = await ada.decide(decision(2, 'b'));
    expect(after).toMatchObject({ decided: 1, remaining: 2 });
    const history = (await ada.queue(2)).items[0]?.revealed?.history;
    expect(history?.map((entry) => entry.decision)).toEqual(['a', 'b']);
  });

  it('wants pairs written for labelling before what came with a file', async () => {
    const { facet, ada } = await withPairs(7);
    const { playground } = facet.services;
    const messages = [{ role: 'user' as const, content: 'New?' }];
    const { pairId } = await playground.keepPair({ messages, a: 'yes', b: 'no', origin: 'a test' });
    expect((await ada.queue()).items.map((item) => item.pairId)).toEqual([pairId, 1, 2, 3, 4]);
    const after = await ada.decide(decision(pairId ?? 0, 'a'));
    expect(after.items.map((item) => item.pairId)).toEqual([1, 2, 3, 4, 5]);
  });

  it("hides the file's label until a verdict stands, unless the project reveals it", async () => {
    const { facet, ada } = await withPairs(2);
    const { project } = facet.services;
    expect((await ada.queue()).items[0]?.revealed).toBeNull();
    await ada.decide(decision(1, 'tie'));
    expect((await ada.queue(1)).items[0]?.revealed?.imported).toMatch(/^[ab]$/);
    await project.updateSettings({ blind: false });
    expect((await ada.queue()).items[0]?.revealed?.imported).toMatch(/^[ab]$/);
  });

  it('is separate for each annotator', async () => {
    const { facet, ada } = await withPairs(3);
    const { annotate, library } = facet.services;
    await ada.decide(decision(1, 'a'));
    const ben = await labelAs(facet, 'Ben');
    expect(await ben.queue()).toMatchObject({ remaining: 3, undo: null, session: { decided: 0 } });
    expect(await library.statusCounts({ text: '', sourceId: null }, ben.who)).toMatchObject({
      unlabelled: 3,
    });
    expect(await library.statusCounts({ text: '', sourceId: null }, ada.who)).toMatchObject({
      unlabelled: 2,
    });
    expect(annotate.annotators(ben.who).map(({ name, current }) => [name, current])).toEqual([
      ['Ada', false],
      ['Ben', true],
    ]);
  });

  it('refuses a pair that is not there', async () => {
    const { ada } = await withPairs(1);
    const failure = { failure: { code: 'annotate.unknown-pair' } };
    await expect(ada.queue(99)).rejects.toMatchObject(failure);
    await expect(ada.decide(decision(99, 'a'))).rejects.toMatchObject(failure);
  });
});

describe('who labels', () => {
  it('belongs to the line: another that labels as somebody else changes nothing on this one', async () => {
    const { facet, ada } = await withPairs(3);
    const ben = await labelAs(facet, 'Ben');
    await ada.decide(decision(1, 'a'));
    await ben.decide(decision(1, 'tie'));
    await ada.decide(decision(2, 'skip'));
    expect(facet.services.annotate.verdicts(1).standing).toEqual([
      { annotator: 'Ada', verdict: 'a' },
      { annotator: 'Ben', verdict: 'tie' },
    ]);
    expect(facet.services.annotate.verdicts(2).standing).toEqual([{ annotator: 'Ada', verdict: 'skip' }]);
  });

  it('is asked before a verdict is taken, and a verdict in any other name is refused', async () => {
    const { facet, ada } = await withPairs(3);
    const { annotate } = facet.services;
    const ben = await labelAs(facet, 'Ben');
    const request = {
      ...scope,
      requestId: randomUUID(),
      annotatorId: ada.annotatorId,
      pairId: 1,
      verdict: 'a',
      leftKey: 'a',
      durationMs: 1,
    } as const;
    await expect(annotate.decide(ben.who, request)).rejects.toMatchObject({
      failure: { code: 'annotate.other-annotator' },
    });
    await expect(annotate.decide(new Connection(), request)).rejects.toMatchObject({
      failure: { code: 'annotate.no-annotator' },
    });
    await expect(
      annotate.keep(ben.who, [{ ...request, at: new Date().toISOString() }]),
    ).rejects.toMatchObject({ failure: { code: 'annotate.other-annotator' } });
    await expect(
      annotate.rename(ben.who, { annotatorId: ada.annotatorId, name: 'Eve' }),
    ).rejects.toMatchObject({ failure: { code: 'annotate.other-annotator' } });
    expect(annotate.verdicts(1).standing).toEqual([]);
  });

  it('ends with the project: a line that labelled in one is nobody in the next', async () => {
    const { facet, ada, folder } = await withPairs(1);
    await facet.services.project.create({ path: join(folder, 'next.facet'), name: 'Next' });
    await expect(facet.services.annotate.queue(ada.who, { ...scope, pairId: null })).rejects.toMatchObject({
      failure: { code: 'annotate.no-annotator' },
    });
  });

  it('can be renamed, verdicts and history included', async () => {
    const { facet, ada } = await withPairs(2);
    const { annotate } = facet.services;
    await ada.decide(decision(1, 'a'));
    await annotate.rename(ada.who, { annotatorId: ada.annotatorId, name: 'Ada Lovelace' });
    expect(annotate.verdicts(1).standing).toEqual([{ annotator: 'Ada Lovelace', verdict: 'a' }]);
    expect(await ada.undo()).toMatchObject({ decided: 0 });
  });
});

describe('undo and redo', () => {
  it('bring an earlier verdict back, which then is the one to take back', async () => {
    const { facet, ada } = await withPairs(3);
    await ada.decide({ pairId: 1, verdict: 'a', leftKey: 'a', durationMs: 111 });
    await ada.decide({ pairId: 2, verdict: 'b', leftKey: 'b', durationMs: 222 });
    const again = await ada.decide({ pairId: 1, verdict: 'tie', leftKey: 'a', durationMs: 333 });
    expect(again.undo).toMatchObject({ pairId: 1, verdict: 'tie', otherwise: 'a' });
    const undone = await ada.undo();
    expect(undone.items[0]).toMatchObject({ pairId: 1, verdict: 'a' });
    expect(undone).toMatchObject({ decided: 2, undo: { pairId: 2 }, redo: { pairId: 1, verdict: 'tie' } });
    expect((await ada.undo()).items[0]).toMatchObject({ pairId: 2, verdict: null });
    const redone = await ada.redo();
    expect(redone.items[0]).toMatchObject({ pairId: 3 });
    expect((await ada.redo()).redo).toBeNull();
    expect(facet.services.annotate.verdicts(1)).toMatchObject({
      standing: [{ annotator: 'Ada', verdict: 'tie' }],
      history: [
        { action: 'decide', decision: 'a', durationMs: 111 },
        { action: 'decide', decision: 'tie', durationMs: 333 },
        { action: 'undo', decision: 'a', durationMs: 111 },
        { action: 'redo', decision: 'tie', durationMs: 333 },
      ],
    });
  });

  it('refuse to take back anything but what the page was told', async () => {
    const { facet, ada } = await withPairs(4);
    const other = await labelAs(facet);
    const told = (await ada.decide(decision(1, 'a'))).undo;
    await other.decide(decision(2, 'b'));
    const { annotate } = facet.services;
    const request = { ...scope, annotatorId: ada.annotatorId, step: told?.id ?? 0 };
    const failure = { failure: { code: 'annotate.history-moved' } };
    await expect(annotate.undo(ada.who, request)).rejects.toMatchObject(failure);
    await other.undo();
    await expect(annotate.redo(ada.who, request)).rejects.toMatchObject(failure);
    expect(await annotate.undo(ada.who, request)).toMatchObject({ decided: 0 });
    await expect(annotate.undo(ada.who, request)).rejects.toMatchObject({
      failure: { code: 'annotate.nothing-to-undo' },
    });
  });

  it('decide once what is asked twice', async () => {
    const { ada } = await withPairs(3);
    const once = { ...decision(1, 'a'), requestId: randomUUID() };
    await ada.decide(once);
    await ada.decide(decision(2, 'b'));
    expect(await ada.decide(once)).toMatchObject({ decided: 2, undo: { pairId: 2 } });
  });
});

describe('labelling within a filter', () => {
  const text = { filter: { text: 'odd', sourceId: null, status: 'all' } } as const;
  async function mixed() {
    const opened = await openFacet();
    const file = join(opened.folder, 'pairs.jsonl');
    const rows = Array.from({ length: 10 }, (_, index) => ({
      prompt: `Number ${index + 1} is ${index % 2 === 0 ? 'odd' : 'even'}`,
      chosen: `yes ${index}`,
      rejected: `no ${index}`,
    }));
    writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
    await importAll(opened.facet, file);
    return labelAs(opened.facet);
  }
  const ids = ({ items }: Queue) => items.map(({ pairId }) => pairId);
  const places = ({ items }: Queue) => items.map(({ position }) => position);

  it('stays in it, goes on after the pair, and tells each pair its own place', async () => {
    const ada = await mixed();
    const opened = await ada.queue(5, text);
    expect([ids(opened), places(opened)]).toEqual([
      [5, 7, 9, 1, 3],
      [3, 4, 5, 1, 2],
    ]);
    expect(opened).toMatchObject({ total: 5, remaining: 5, decided: 0 });
    const next = await ada.decide(decision(5, 'a'), text);
    expect(ids(next)).toEqual([7, 9, 1, 3]);
    expect(next).toMatchObject({ total: 5, remaining: 4, decided: 1, skipped: 0 });
    const whole = await ada.queue(9);
    expect([whole.items[0]?.position, whole.total, whole.remaining]).toEqual([9, 10, 9]);
    expect((await ada.queue(2, text)).items[0]).toMatchObject({ pairId: 2, position: null });
  });

  it('brings skipped pairs back when they are asked for, and decided ones to look at again', async () => {
    const ada = await mixed();
    for (const pairId of [1, 3, 5, 7, 9]) await ada.decide(decision(pairId, pairId < 4 ? 'skip' : 'b'), text);
    expect(await ada.queue(null, text)).toMatchObject({ items: [], remaining: 0, skipped: 2 });
    const back = { ...text, includeSkipped: true };
    expect(ids(await ada.queue(null, back))).toEqual([1, 3]);
    expect(ids(await ada.decide(decision(1, 'skip'), back))).toEqual([3, 1]);
    const labelled = { filter: { ...text.filter, status: 'labelled' } } as const;
    expect(ids(await ada.decide(decision(7, 'a'), labelled))).toEqual([9, 5, 7]);
    const skipped = { filter: { ...text.filter, status: 'skipped' } } as const;
    expect(ids(await ada.queue(null, skipped))).toEqual([1, 3]);
    expect(ids(await ada.queue(null, { includeSkipped: true }))).toEqual([1, 2, 3, 4, 6]);
  });

  it('finds nothing where only signs were typed', async () => {
    const ada = await mixed();
    expect(await ada.queue(null, { filter: { ...text.filter, text: '!!' } })).toMatchObject({
      items: [],
      total: 0,
    });
  });
});

describe('a verdict that cannot be saved', () => {
  /** Another program holds the file: what a full disk and a failing one look like from here. */
  function hold(path: string) {
    const other = new Sqlite(path);
    other.exec('BEGIN IMMEDIATE');
    return () => other.close();
  }
  const unsaved = (path: string) => `${path}.unsaved.jsonl`;

  it('is kept beside the project, offered at the next start and decided once', async () => {
    const { facet, ada, folder, path } = await withPairs(3);
    const release = hold(path);
    const failure = { failure: { code: 'annotate.not-saved' } };
    await expect(ada.decide(decision(2, 'tie', 4321))).rejects.toMatchObject(failure);
    expect(existsSync(unsaved(path))).toBe(true);
    release();
    await facet.dispose();

    const again = facetOver(folder);
    onTestFinished(() => again.dispose());
    await again.services.project.open(path);
    const { annotate } = again.services;
    const ben = await labelAs(again, 'Ben');
    expect(await annotate.unsaved(ben.who)).toEqual([]);
    const later = await labelAs(again);
    const offered = await annotate.unsaved(later.who);
    expect(offered).toMatchObject([
      { pairId: 2, verdict: 'tie', durationMs: 4321, leftKey: 'b', prompt: 'Question 1', standing: null },
    ]);
    const requestIds = offered.map(({ requestId }) => requestId);
    await annotate.discard(ben.who, requestIds);
    await annotate.restore(later.who, requestIds);
    await annotate.restore(later.who, requestIds);
    expect(annotate.verdicts(2)).toMatchObject({
      standing: [{ annotator: 'Ada', verdict: 'tie' }],
      history: [{ action: 'decide', decision: 'tie', at: offered[0]?.at }],
    });
    expect(existsSync(unsaved(path))).toBe(false);
    expect(await annotate.unsaved(later.who)).toEqual([]);
  });

  it('is saved by asking again, and then kept no longer', async () => {
    const { ada, path } = await withPairs(3);
    const release = hold(path);
    const verdict = { ...decision(1, 'a'), requestId: randomUUID() };
    await expect(ada.decide(verdict)).rejects.toMatchObject({ failure: { code: 'annotate.not-saved' } });
    release();
    expect(await ada.decide(verdict)).toMatchObject({ decided: 1 });
    expect(existsSync(unsaved(path))).toBe(false);
  });

  it('is durable while it waits for a turn, and gone when it was discarded', async () => {
    const { facet, ada, path } = await withPairs(3);
    const { annotate } = facet.services;
    const kept = {
      requestId: randomUUID(),
      annotatorId: ada.annotatorId,
      pairId: 3,
      verdict: 'b',
      leftKey: 'a',
      durationMs: 5,
      at: '2026-01-02T03:04:05.000Z',
    } as const;
    await annotate.keep(ada.who, [kept, { ...kept, requestId: randomUUID(), pairId: 2 }]);
    await annotate.keep(ada.who, [kept]);
    const [first, second] = await annotate.unsaved(ada.who);
    await annotate.discard(ada.who, [second?.requestId ?? '']);
    expect(first).toMatchObject(kept);
    expect(await annotate.unsaved(ada.who)).toMatchObject([kept]);
    expect(readFileSync(unsaved(path), 'utf8').trim().split('\n')).toHaveLength(3);
  });

  it('stays kept where its pair is there no more, until a person discards it', async () => {
    const { facet, ada } = await withPairs(1);
    const { annotate } = facet.services;
    const kept = {
      requestId: randomUUID(),
      annotatorId: ada.annotatorId,
      pairId: 77,
      verdict: 'b',
      leftKey: 'a',
      durationMs: 5,
      at: '2026-01-02T03:04:05.000Z',
    } as const;
    const good = { ...kept, requestId: randomUUID(), pairId: 1, at: '2026-01-03T00:00:00.000Z' };
    await annotate.keep(ada.who, [kept, good]);
    await expect(annotate.restore(ada.who, [kept.requestId, good.requestId])).rejects.toMatchObject({
      failure: { code: 'annotate.unknown-pair' },
    });
    expect(await annotate.unsaved(ada.who)).toMatchObject([{ pairId: 77, prompt: null, standing: null }]);
    expect(annotate.verdicts(1).standing).toEqual([{ annotator: 'Ada', verdict: 'b' }]);
    await annotate.discard(ada.who, [kept.requestId]);
    expect(await annotate.unsaved(ada.who)).toEqual([]);
  });
});
