/** What a million pairs cost whoever labels them: main's part of `npm run bench -- annotate`. */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Facet } from '../app.ts';
import { createHeadlessFacet } from '../cli/session.ts';
import { Connection } from '../services/Connection.ts';
import { importWhole, label, p95, timed } from './labelling.ts';
import { makeFigures } from './madeFigures.ts';
import { pairFile } from './pairFile.ts';

const VERDICTS = 500;
/** Some seconds pass before somebody chooses an order. */
const READ_AHEAD_MS = 20_000;

export interface AnnotateFigures {
  readonly pairs: number;
  /** From asking to save a verdict to the next pair being there. */
  readonly saveNextP95Ms: number;
  /** The whole order by what a run learns most from, once the process that reads has read ahead. */
  readonly queueByNeedMs: number;
  /** The same in the moment in which the project was opened, and after other verdicts. */
  readonly queueByNeedColdMs: number;
  readonly queueByNeedAgainMs: number;
}

async function byNeed(facet: Facet, runId: number): Promise<number> {
  const who = new Connection();
  await facet.services.annotate.identify(who, { name: 'Need' });
  const order = { by: 'need', runId, need: 'any' } as const;
  const scope = { filter: null, includeSkipped: false, order, pairId: null };
  return Math.round(await timed(() => facet.services.annotate.queue(who, scope)));
}

/** Makes the project in this folder, measures main alone, and leaves it closed. */
export async function benchAnnotate(
  folder: string,
  pairs: number,
  note: (line: string) => void,
): Promise<{ readonly path: string; readonly figures: AnnotateFigures }> {
  const facet = createHeadlessFacet(join(folder, 'main'));
  try {
    const path = join(folder, 'bench.facet');
    const file = join(folder, 'pairs.jsonl');
    note(`importing ${pairs} pairs`);
    await pairFile(file, pairs, 2);
    await facet.services.project.create({ path, name: 'Bench' });
    await importWhole(facet, file);
    await facet.services.project.close();
    note('storing what a run would have found');
    await makeFigures(path, pairs);
    await facet.services.project.open(path);
    const runId = facet.services.runs.list()[0]?.id ?? 0;
    note('making the queue by need');
    const queueByNeedColdMs = await byNeed(facet, runId);
    await facet.services.project.close();
    await facet.services.project.open(path);
    // What the window asks first; from then on is read ahead.
    await facet.services.library.count({ text: '', sourceId: null, status: 'all' });
    await setTimeout(READ_AHEAD_MS);
    const queueByNeedMs = await byNeed(facet, runId);
    note(`giving ${VERDICTS} verdicts`);
    let given = 0;
    const times = await label(facet, () => ++given > VERDICTS);
    const queueByNeedAgainMs = await byNeed(facet, runId);
    const byNeedMs = { queueByNeedMs, queueByNeedColdMs, queueByNeedAgainMs };
    return { path, figures: { pairs, saveNextP95Ms: p95(times), ...byNeedMs } };
  } finally {
    await facet.dispose();
  }
}
