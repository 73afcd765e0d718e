/** Pairs that come to somebody again: blind, late, beside what stands. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { expect, it } from 'vitest';
import { REPEATS_APART } from '#core/repeats.ts';
import type { Queue } from '#shared/entities.ts';
import { connectReader } from '../data/database.ts';
import { labelledPairs } from '../data/trainingPairs.ts';
import { importAll, openFacet } from '../testFacet.ts';
import { labelAs } from '../testLabeller.ts';
import { Connection } from './Connection.ts';

const PAIRS = 150;

async function withRepeats(repeats: number, blind = true) {
  const { facet, folder, path } = await openFacet();
  const file = join(folder, 'pairs.jsonl');
  const rows = Array.from({ length: PAIRS }, (_, n) =>
    JSON.stringify({ prompt: `p${n + 1}`, response_a: `c${n + 1}`, response_b: `r${n + 1}` }),
  );
  writeFileSync(file, rows.join('\n'));
  await importAll(facet, file);
  await facet.services.project.updateSettings({ repeats, blind });
  const ada = await labelAs(facet, 'Ada');
  /** Decides until the queue is over: the first time as `first` has it, then as `again` has it. */
  const labelAll = async (first: (pairId: number) => 'a' | 'b', again: (pairId: number) => 'a' | 'b') => {
    const came: number[] = [];
    const repeated = new Map<number, number>();
    const items: Queue['items'] = [];
    let queue = await ada.queue();
    while (queue.items[0]) {
      const { pairId, left } = queue.items[0];
      items.push(queue.items[0]);
      const isAgain = came.includes(pairId);
      if (isAgain) repeated.set(pairId, came.length - came.indexOf(pairId));
      came.push(pairId);
      const { remaining, decided } = queue;
      const verdict = isAgain ? again(pairId) : first(pairId);
      queue = await ada.decide({ pairId, verdict, leftKey: left.key });
      // A count that moved otherwise would tell a repeat.
      expect(queue.decided).toBe(decided + 1);
      expect(queue.remaining).toBeGreaterThanOrEqual(remaining - 1);
    }
    return { came, repeated, items };
  };
  const standing = () => {
    const database = connectReader(path);
    try {
      return new Map(
        labelledPairs(database, { labels: 'people', sourceIds: null }).map(({ pairId, preferred }) => [
          pairId,
          preferred,
        ]),
      );
    } finally {
      database.close();
    }
  };
  return { facet, folder, path, ada, labelAll, standing };
}

it.each([true, false])(
  'come late, look like any other pair and change nothing that stands (blind %s)',
  async (blind) => {
    const { labelAll, standing, facet, ada } = await withRepeats(0.2, blind);
    const { came, repeated, items } = await labelAll(
      () => 'a',
      () => 'b',
    );
    expect(repeated.size).toBeGreaterThan(10);
    expect(came).toHaveLength(PAIRS + repeated.size);
    for (const apart of repeated.values()) expect(apart).toBeGreaterThanOrEqual(REPEATS_APART);
    for (const [place, item] of items.entries()) {
      expect(item).toMatchObject({ verdict: null, attributes: null, position: place + 1 });
      // Nobody else has decided anything, so that what the person said themselves would be all that is told.
      expect(item.revealed?.history ?? []).toEqual([]);
    }
    // Every verdict given again said b: none of them stands.
    expect(new Set(standing().values())).toEqual(new Set(['a']));
    expect(standing().size).toBe(PAIRS);
    const { history } = facet.services.annotate.verdicts([...repeated.keys()][0] as number);
    expect(history).toHaveLength(1);
    const { session } = await ada.queue();
    expect(session).toMatchObject({ decided: came.length, again: { answered: repeated.size, same: 0 } });
  },
);

it('are drawn on sides of their own', async () => {
  const { labelAll } = await withRepeats(0.25);
  const { items, repeated } = await labelAll(
    () => 'a',
    () => 'a',
  );
  const moved = [...repeated.keys()].filter((pairId) => {
    const [first, second] = items.filter((item) => item.pairId === pairId);
    return first?.left.key !== second?.left.key;
  });
  // Of 20 and more fair draws, none or all the same is one in half a million.
  expect(moved.length).toBeGreaterThan(0);
  expect(moved.length).toBeLessThan(repeated.size);
});

it('are taken back and given again like other verdicts', async () => {
  const { ada, standing, facet } = await withRepeats(0.25);
  const seen = new Set<number>();
  let queue = await ada.queue();
  while (!seen.has(queue.items[0]?.pairId ?? 0)) {
    const { pairId, left } = queue.items[0] as Queue['items'][number];
    seen.add(pairId);
    queue = await ada.decide({ pairId, verdict: 'a', leftKey: left.key });
  }
  const shown = queue.items[0] as Queue['items'][number];
  const after = await ada.decide({ pairId: shown.pairId, verdict: 'b', leftKey: shown.left.key });
  expect(after.undo).toMatchObject({ pairId: shown.pairId, verdict: 'b', otherwise: null });
  const back = await ada.undo();
  expect(back.items[0]).toEqual(shown);
  expect(back.decided).toBe(queue.decided);
  expect(standing().get(shown.pairId)).toBe('a');
  const redone = await ada.redo();
  expect(redone.items[0]?.pairId).toBe(after.items[0]?.pairId);
  expect(redone.decided).toBe(after.decided);
  // Back past it: the first verdict goes, and with it what was to be repeated.
  let undone = await ada.undo();
  while (undone.undo !== null && undone.undo.pairId !== shown.pairId) undone = await ada.undo();
  undone = await ada.undo();
  expect(undone.items[0]).toMatchObject({ pairId: shown.pairId, verdict: null });
  expect(standing().has(shown.pairId)).toBe(false);
  const decided = await ada.decide({ pairId: shown.pairId, verdict: 'b' });
  expect(decided.undo).toMatchObject({ pairId: shown.pairId, verdict: 'b' });
  expect(standing().get(shown.pairId)).toBe('b');
  expect(facet.services.annotate.verdicts(shown.pairId).standing).toEqual([
    { annotator: 'Ada', verdict: 'b' },
  ]);
});

it('tell how far each person agrees with themselves, with intervals', async () => {
  const { labelAll, facet } = await withRepeats(0.25);
  const says = (pairId: number) => (pairId % 2 === 0 ? 'a' : 'b');
  // Every fifth pair is decided otherwise when it comes again.
  const { repeated } = await labelAll(says, (pairId) =>
    pairId % 5 === 0 ? (says(pairId) === 'a' ? 'b' : 'a') : says(pairId),
  );
  const frames = facet.services.data.agreement({ raters: 'people', runId: null, seed: 1 });
  let again: unknown[] = [];
  for await (const frame of frames) if (frame.type === 'done') again = frame.result.again;
  // Cohen (1960), by hand.
  const pairs = [...repeated.keys()];
  const count = (match: (pairId: number) => boolean) => pairs.filter(match).length / pairs.length;
  const isSame = (pairId: number) => pairId % 5 !== 0;
  const [same, firstA] = [count(isSame), count((pairId) => says(pairId) === 'a')];
  const secondA = count((pairId) => (says(pairId) === 'a') === isSame(pairId));
  const chance = firstA * secondA + (1 - firstA) * (1 - secondA);
  expect(again).toHaveLength(1);
  const [row] = again as [{ raw: Figure; cohen: Figure; name: string; items: number }];
  expect(row).toMatchObject({ name: 'Ada', items: pairs.length });
  expect(row.raw.value).toBeCloseTo(same, 12);
  expect(row.cohen.value).toBeCloseTo((same - chance) / (1 - chance), 12);
  expect(row.raw.low as number).toBeLessThan(same);
  expect(row.raw.high as number).toBeGreaterThan(same);
});
interface Figure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

it('come over a link too, where a pair says nothing of itself', async () => {
  const { facet } = await withRepeats(0.25);
  const { member, token } = await facet.services.people.add({ name: 'Bo', role: 'annotator' });
  const pass = facet.services.people.admit(token);
  if (pass === null) throw new Error('not admitted');
  const client = createRouterClient(facet.router, {
    context: { connection: new Connection({ isRemote: true, pass }) },
  });
  await client.annotate.identify({ name: 'Bo' });
  const scope = { filter: null, includeSkipped: false };
  let queue = await client.annotate.queue({ ...scope, pairId: null });
  const came: number[] = [];
  while (queue.items[0]) {
    const { pairId, left, position, verdict } = queue.items[0];
    expect([position, verdict]).toEqual([came.length + 1, null]);
    came.push(pairId);
    queue = await client.annotate.decide({
      ...{ ...scope, requestId: crypto.randomUUID(), annotatorId: member.annotatorId, pairId },
      ...{ verdict: 'a', leftKey: left.key, durationMs: 1 },
    });
  }
  expect(came.length).toBeGreaterThan(PAIRS + 10);
  expect(new Set(came).size).toBe(PAIRS);
});

it('come to nobody where the rate is 0', async () => {
  const { labelAll } = await withRepeats(0);
  const { came } = await labelAll(
    () => 'a',
    () => 'b',
  );
  expect(came).toHaveLength(PAIRS);
});
