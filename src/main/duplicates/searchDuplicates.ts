import { connectImport, type Database } from '../data/database.ts';
import { duplicateStore } from '../data/duplicateTable.ts';
import { SliceWriter, type Turns } from '../import/SliceWriter.ts';
import type { Tick } from '../pass/protocol.ts';
import { findDuplicates } from './findDuplicates.ts';

/** Progress as a share of the whole. */
export const byShare =
  (tick: Tick): ((share: number) => void) =>
  (share) =>
    tick(Math.round(1000 * share), 1000);

const QUEUED = 2000;

/** Finds near-duplicates and stores them; what was stored before is read until all of it is there. */
export async function searchDuplicates(
  database: Database,
  { threshold, at }: { readonly threshold: number; readonly at: string },
  tick: Tick,
  turns: Turns,
): Promise<null> {
  const { groups, ...facts } = findDuplicates(database, threshold, byShare(tick));
  const writing = connectImport(database.name);
  try {
    const slices = new SliceWriter<() => void>(writing, turns, {
      rows: 500,
      lookRows: 16,
      write: (step) => step(),
    });
    const store = duplicateStore(writing);
    let steps: (() => void)[] = [];
    for (const step of store.steps({ threshold, at, ...facts }, groups)) {
      steps.push(step);
      if (steps.length < QUEUED) continue;
      tick(1000, 1000);
      await slices.add(steps);
      steps = [];
    }
    await slices.add(steps);
    await slices.flush();
    while (await turns.take(() => store.removeEarlier())) tick(1000, 1000);
  } finally {
    writing.close();
  }
  return null;
}
