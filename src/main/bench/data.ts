/** `npm run bench -- data [--pairs N] [--json]`: how a project of a million pairs feels. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantile } from '#core/statistics.ts';
import type { Facet } from '../app.ts';
import { createHeadlessFacet } from '../cli/session.ts';
import { connectReader } from '../data/database.ts';
import { pairTotals } from '../data/pairRows.ts';
import { Connection } from '../services/Connection.ts';
import { pairFile } from './pairFile.ts';

const PAGE_ROWS = 100;
const ASKED = 60;
const QUERIES = [
  ...[
    'th',
    'in',
    'C#',
    'zo',
    'the',
    'C++',
    'xen',
    '时钟',
    '礼貌的语气',
    'about',
    'verqua',
    'would',
    'halnor',
  ],
  ...['how do i', 'why is', 'templates in c++', '我的时钟慢了', '"how do i write"', 'the -about'],
];
const everything = { text: '', sourceId: null, status: 'all' } as const;
const STATUSES = ['all', 'unlabelled', 'labelled', 'skipped'] as const;

export interface DataFigures {
  readonly pairs: number;
  /** By this process and the import's own. Null where the system doesn't tell what processes took that have ended. */
  readonly importPairsPerCpuSecond: number | null;
  readonly importSeconds: number;
  readonly fileOverJsonl: number;
  readonly openMs: number;
  /** From the opening to an index of every pair; until then searches read what it lacks one by one. */
  readonly searchReadySeconds: number;
  readonly pageP95Ms: number;
  readonly searchP95Ms: number;
  /** Of the process that makes the index and measures the texts. */
  readonly indexPairsPerCpuSecond: number | null;
  readonly saveNextImportingP95Ms: number;
  readonly saveNextBusyP95Ms: number;
  readonly statusCountsMs: number;
  readonly rssMb: number;
}

const p95 = (times: readonly number[]): number => Number(quantile(times, 0.95).toFixed(2));

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Seconds of processor time of this process's children that have ended, as Linux counts them. */
function childSeconds(): number | null {
  if (process.platform !== 'linux') return null;
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // After the name, which may hold anything; the 14th and 15th from there are `cutime` and `cstime`, in hundredths.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
function cpuSeconds(): number | null {
  const children = childSeconds();
  const { user, system } = process.cpuUsage();
  return children === null ? null : children + (user + system) / 1e6;
}
const perSecond = (pairs: number, from: number | null, to: number | null): number | null =>
  from === null || to === null || to <= from ? null : Math.round(pairs / (to - from));

async function importWhole(facet: Facet, file: string): Promise<void> {
  for await (const _ of facet.services.library.import(file));
}

/** Decides pair after pair, each when the last one is saved and the next shown, until `isOver`. */
async function label(facet: Facet, isOver: () => boolean): Promise<number[]> {
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

async function search(facet: Facet, text: string): Promise<void> {
  await facet.services.library.rows({ ...everything, text }, 0, PAGE_ROWS);
  await facet.services.library.count({ ...everything, text });
}

async function searchReady(path: string): Promise<void> {
  const database = connectReader(path);
  try {
    const totals = pairTotals(database);
    while (totals.isIndexBehind() || totals.isMeasuringBehind())
      await new Promise((resolve) => setTimeout(resolve, 100));
  } finally {
    database.close();
  }
}

/** What children have taken, once one that is about to end has ended. */
async function endedSeconds(before: number | null): Promise<number | null> {
  for (let looks = 0; looks < 100 && childSeconds() === before; looks++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return childSeconds();
}

async function pages(facet: Facet, pairs: number): Promise<number[]> {
  const times: number[] = [];
  for (let asked = 0; asked < ASKED; asked++) {
    const offset = Math.floor((pairs * ((asked * 0.618) % 1)) / PAGE_ROWS) * PAGE_ROWS;
    const status = STATUSES[asked % 2] as 'all' | 'unlabelled';
    times.push(await timed(() => facet.services.library.rows({ ...everything, status }, offset, PAGE_ROWS)));
  }
  return times;
}

async function importFigures(facet: Facet, file: string, path: string, pairs: number) {
  const before = cpuSeconds();
  const importMs = await timed(() => importWhole(facet, file));
  const after = cpuSeconds();
  await facet.services.project.close();
  const bytes = (await stat(path)).size;
  const openMs = await timed(() => facet.services.project.open(path));
  return {
    pairs,
    importPairsPerCpuSecond: perSecond(pairs, before, after),
    importSeconds: Number((importMs / 1000).toFixed(1)),
    fileOverJsonl: Number((bytes / (await stat(file)).size).toFixed(2)),
    openMs: Math.round(openMs),
  };
}

/** Labels while `file` is imported, and with `searching` while another searches too. */
async function busyLabels(facet: Facet, file: string, searching: boolean): Promise<number> {
  let over = false;
  const importing = importWhole(facet, file).finally(() => {
    over = true;
  });
  const searches = (async () => {
    for (let asked = 0; searching && !over; asked++) {
      await search(facet, QUERIES[asked % QUERIES.length] as string);
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  const times = await label(facet, () => over);
  await Promise.all([importing, searches]);
  return p95(times);
}

export async function benchData(pairs: number, note: (line: string) => void): Promise<DataFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'facet-bench-'));
  const facet = createHeadlessFacet(join(folder, 'user'));
  try {
    const [first, second, third] = ['first', 'second', 'third'].map((name) =>
      join(folder, `${name}.jsonl`),
    ) as [string, string, string];
    note(`writing ${pairs} pairs`);
    await pairFile(first, pairs, 2);
    await pairFile(second, Math.ceil(pairs / 10), 3);
    await pairFile(third, Math.ceil(pairs / 10), 4);
    const path = join(folder, 'bench.facet');
    await facet.services.project.create({ path, name: 'Bench' });
    note('importing');
    const imported = await importFigures(facet, first, path, pairs);
    note('waiting for the search index');
    const unindexed = childSeconds();
    const readyMs = await timed(() => searchReady(path));
    const indexed = await endedSeconds(unindexed);
    note('reading pages, counts and searches');
    const pageP95Ms = p95(await pages(facet, pairs));
    const counts: number[] = [];
    for (let asked = 0; asked < 20; asked++) {
      counts.push(await timed(() => facet.services.library.statusCounts({ text: '', sourceId: null })));
    }
    const searches: number[] = [];
    for (const text of [...QUERIES, ...QUERIES]) searches.push(await timed(() => search(facet, text)));
    note('labelling while others work');
    const saveNextImportingP95Ms = await busyLabels(facet, second, false);
    const saveNextBusyP95Ms = await busyLabels(facet, third, true);
    return {
      ...imported,
      indexPairsPerCpuSecond: perSecond(pairs, unindexed, indexed),
      searchReadySeconds: Number((readyMs / 1000).toFixed(1)),
      pageP95Ms,
      searchP95Ms: p95(searches),
      saveNextImportingP95Ms,
      saveNextBusyP95Ms,
      statusCountsMs: p95(counts),
      rssMb: Math.round(process.resourceUsage().maxRSS / 1000),
    };
  } finally {
    await facet.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}
