/** `npm run bench -- data [--pairs N] [--json]`: how a project of a million pairs feels. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Conditions } from '#shared/library.ts';
import type { Facet } from '../app.ts';
import { createHeadlessFacet } from '../cli/session.ts';
import { connectReader } from '../data/database.ts';
import { pairTotals } from '../data/pairRows.ts';
import { Connection } from '../services/Connection.ts';
import { importWhole, label, p95, timed } from './labelling.ts';
import { makeFigures } from './madeFigures.ts';
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
const SORTS = [
  ...([
    'prompt',
    'a',
    'b',
    'source',
    'aspect',
    'verdict',
    'by',
    'decided',
    'promptLength',
    'aLength',
  ] as const),
  ...(['language', 'tags', 'metadata:source', 'code', 'margin'] as const),
];
/** Two of each kind. */
const FILTERS: Readonly<Record<string, readonly [Conditions, Conditions]>> = {
  verdict: [{ verdicts: ['a'] }, { verdicts: ['b', 'none'] }],
  disagreement: [{ disagreement: 'file' }, { disagreement: 'people' }],
  length: [{ lengths: [{ of: 'longer', min: 300 }] }, { lengths: [{ of: 'difference', max: 20 }] }],
  language: [{ languages: ['zh'] }, { languages: ['en', 'de'] }],
  metadata: [
    { metadata: [{ field: 'source', is: 'set-1' }] },
    { metadata: [{ field: 'source', has: 'SET-2' }] },
  ],
  tag: [{ tags: ['none'] }, { tags: ['other'] }],
  code: [{ codes: [3] }, { codes: [5, 7] }],
  margin: [{ margin: { min: 0 } }, { margin: { min: -1, max: -0.5 } }],
  duplicates: [
    { duplicates: { kind: 'prompts', which: 'any' } },
    { duplicates: { kind: 'pairs', which: 'others' } },
  ],
};
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
  /** In every order, once it is made. */
  readonly sortedPageP95Ms: number;
  /** The longest wait for the first page of an order, and p95 of what others wait for theirs meanwhile. */
  readonly orderMadeMs: number;
  readonly pageWhileOrderingP95Ms: number;
  /** Page and count of each filter, when it is first asked for and with another value. */
  readonly filterFirstMs: Readonly<Record<string, number>>;
  readonly filterMs: Readonly<Record<string, number>>;
  readonly randomQueueMs: { readonly first: number; readonly again: number };
  readonly searchP95Ms: number;
  /** Of the process that makes the index and measures the texts. */
  readonly indexPairsPerCpuSecond: number | null;
  readonly saveNextImportingP95Ms: number;
  readonly saveNextBusyP95Ms: number;
  readonly statusCountsMs: number;
  readonly rssMb: number;
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

/** A page in the order in which pairs came, again and again, until `isOver`. */
async function pagesMeanwhile(facet: Facet, isOver: () => boolean): Promise<number[]> {
  const times: number[] = [];
  while (!isOver()) {
    times.push(await timed(() => facet.services.library.rows(everything, 100 * times.length, PAGE_ROWS)));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return times;
}

/** Pages at any place in every order, once it is made; and how long the making takes, and others wait meanwhile. */
async function sortedPages(facet: Facet, pairs: number) {
  const first: number[] = [];
  const next: number[] = [];
  const meanwhile: number[] = [];
  for (const [index, column] of SORTS.entries()) {
    const look = { sort: { column, descending: index % 2 === 1 } };
    const page = (place: number) =>
      timed(() =>
        facet.services.library.rows(everything, Math.floor(pairs * place), PAGE_ROWS, undefined, look),
      );
    let isMade = false;
    const others = pagesMeanwhile(facet, () => isMade);
    first.push(await page(0));
    isMade = true;
    meanwhile.push(...(await others));
    for (let asked = 1; asked <= 8; asked++) next.push(await page((asked * 0.618) % 1));
  }
  return { first, next, meanwhile };
}

/** Each filter when it is first asked for, and with another value after that. */
async function filters(facet: Facet) {
  const first: Record<string, number> = {};
  const again: Record<string, number> = {};
  for (const [name, [one, other]] of Object.entries(FILTERS)) {
    const ask = (where: Conditions) =>
      timed(async () => {
        await facet.services.library.rows({ ...everything, where }, 0, PAGE_ROWS);
        await facet.services.library.count({ ...everything, where });
      });
    first[name] = Math.round(await ask(one));
    again[name] = Math.round(await ask(other));
  }
  return { first, again };
}

/** From asking for a queue in random order to its first pairs, and the next time. */
async function randomQueue(facet: Facet): Promise<{ first: number; again: number }> {
  const { annotate } = facet.services;
  const who = new Connection();
  await annotate.identify(who, { name: 'Random' });
  const ask = (seed: number) =>
    timed(() =>
      annotate.queue(who, {
        filter: null,
        includeSkipped: false,
        order: { by: 'random', seed },
        pairId: null,
      }),
    );
  return { first: Math.round(await ask(1)), again: Math.round(await ask(2)) };
}

async function importFigures(facet: Facet, file: string, path: string, pairs: number) {
  const before = cpuSeconds();
  const importMs = await timed(() => importWhole(facet, file));
  const after = cpuSeconds();
  await facet.services.project.close();
  const bytes = (await stat(path)).size;
  await makeFigures(path, pairs);
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
    const sorted = await sortedPages(facet, pairs);
    // Of a blind project a page shows no code or margin before its verdict.
    await facet.services.project.updateSettings({ blind: false });
    const found = await filters(facet);
    await facet.services.project.updateSettings({ blind: true });
    const randomQueueMs = await randomQueue(facet);
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
      sortedPageP95Ms: p95(sorted.next),
      orderMadeMs: Math.round(Math.max(...sorted.first)),
      pageWhileOrderingP95Ms: p95(sorted.meanwhile),
      filterFirstMs: found.first,
      filterMs: found.again,
      randomQueueMs,
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
