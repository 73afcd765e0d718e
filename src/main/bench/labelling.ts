/** What benchmarks of a project share: an import to its end, and somebody who labels without a pause. */
import { randomUUID } from 'node:crypto';
import { quantile } from '#core/statistics.ts';
import type { Facet } from '../app.ts';
import { Connection } from '../services/Connection.ts';

export const p95 = (times: readonly number[]): number => Number(quantile(times, 0.95).toFixed(2));

export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export async function importWhole(facet: Facet, file: string): Promise<void> {
  for await (const _ of facet.services.library.import(file));
}

/** Decides pair after pair, each when the last one is saved and the next shown, until `isOver`. */
export async function label(facet: Facet, isOver: () => boolean): Promise<number[]> {
  const { annotate } = facet.services;
  const who = new Connection();
  const { id: annotatorId } = await annotate.identify(who, { name: 'Bench' });
  const scope = { filter: null, includeSkipped: false };
  const times: number[] = [];
  let [item] = (await annotate.queue(who, { ...scope, pairId: null })).items;
  while (item && !isOver()) {
    const { pairId } = item;
    const leftKey = item.left.key;
    times.push(
      await timed(async () => {
        const decision = { pairId, verdict: 'a', leftKey, durationMs: 1, requestId: randomUUID() } as const;
        [item] = (await annotate.decide(who, { ...scope, annotatorId, ...decision })).items;
      }),
    );
    // A person takes longer; this leaves the event loop to the others for a moment.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return times;
}
