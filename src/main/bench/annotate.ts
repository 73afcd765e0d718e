/** What a million pairs cost whoever labels them: main's part of `npm run bench -- annotate`. */
import { join } from 'node:path';
import type { Facet } from '../app.ts';
import { createHeadlessFacet } from '../cli/session.ts';
import { Connection } from '../services/Connection.ts';
import { importWhole, label, p95, timed } from './labelling.ts';
import { makeFigures } from './madeFigures.ts';
import { pairFile } from './pairFile.ts';

const VERDICTS = 500;

export interface AnnotateFigures {
  readonly pairs: number;
  /** From asking to save a verdict to the next pair being there. */
  readonly saveNextP95Ms: number;
  /** The whole order by what a run learns most from, when it is first asked for and when it is made again. */
  readonly queueByNeedMs: number;
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
    const queueByNeedMs = await byNeed(facet, runId);
    const queueByNeedAgainMs = await byNeed(facet, runId);
    note(`giving ${VERDICTS} verdicts`);
    let given = 0;
    const times = await label(facet, () => ++given > VERDICTS);
    return { path, figures: { pairs, saveNextP95Ms: p95(times), queueByNeedMs, queueByNeedAgainMs } };
  } finally {
    await facet.dispose();
  }
}
