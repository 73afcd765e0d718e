/** An experiment from its name to its outcome. */

import { readdirSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import type { PreferencePair } from '#core/preference.ts';
import { FacetError, unwrap } from '#core/result.ts';
import { modelFingerprint } from '#disk/modelFingerprint.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import { openCellStore } from './cellStore.ts';
import { designOf } from './designs/index.ts';
import { type ExperimentOutcome, experimentOutcome } from './outcome.ts';
import { readPairs } from './readPairs.ts';
import { runAudits } from './runAudits.ts';
import { type CellsEnded, type RunCellsOptions, runCells } from './runCells.ts';
import { runFits } from './runFits.ts';
import { settingsNotFollowed, settingsUnder, userSettings } from './settings.ts';
import { someOf } from './testSplit.ts';
import type { CandidateFit, Cell, Design, DesignInput, LabelAudit } from './types.ts';

export interface ExperimentRequest
  extends Pick<
    RunCellsOptions,
    'compute' | 'processes' | 'storedOnly' | 'codeVersion' | 'codeFingerprint' | 'stop' | 'onEvent'
  > {
  readonly name: string;
  readonly seeds: readonly number[];
  readonly settings: Parameters<typeof userSettings>[0];
  readonly modelDir: string;
  /** null: the bundled sample. */
  readonly dataFile: string | null;
  readonly sampleFile: string;
  readonly limit: number | null;
  /** Names of groups, those alone; null runs all. */
  readonly groups: string | null;
  /** The same of methods. */
  readonly methods: string | null;
  readonly folder: string;
  readonly command: string;
  readonly compute: ComputeClient;
  readonly note: (line: string) => void;
}

async function pairsFor(design: Design, request: ExperimentRequest): Promise<readonly PreferencePair[]> {
  const { dataFile, sampleFile, limit, note } = request;
  if (design.takesPairs === 'if given' && dataFile === null && limit === null) return [];
  if (!design.takesPairs) {
    if (dataFile === null && limit === null) return [];
    throw new FacetError({
      code: 'experiment.makes-its-pairs',
      message: `The experiment ${design.name} makes its own pairs.`,
      where: { field: dataFile === null ? 'limit' : 'data' },
      fix: 'Leave out --data and --limit.',
    });
  }
  const pairs = await readAll(dataFile ?? sampleFile, note);
  return limit === null ? pairs : someOf(pairs, limit);
}

const PAIR_FILE = /\.jsonl(\.gz)?$/;

/** Of a file, or of every pair file of a folder; each file is a source of its own. */
async function readAll(path: string, note: (line: string) => void): Promise<PreferencePair[]> {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return readPairs(path, note);
  const names = readdirSync(path).filter((name) => PAIR_FILE.test(name));
  const all: PreferencePair[] = [];
  for (const name of names.sort()) {
    const source = name.replace(PAIR_FILE, '');
    const pairs = await readPairs(join(path, name), note);
    const own = (id: string): string => `${source}:${id}`;
    for (const pair of pairs) all.push({ ...pair, id: own(pair.id), promptId: own(pair.promptId), source });
  }
  return all;
}

const named = (names: string | null): string[] | null => names?.split('|').map((name) => name.trim()) ?? null;

/** The cells of some groups or methods, named by `a | b`; all where null. Throws `experiment.no-cells`. */
function chosenCells(
  cells: readonly Cell[],
  field: 'group' | 'method',
  names: string | null,
  besides: readonly string[] = [],
): readonly Cell[] {
  const wanted = named(names);
  if (wanted === null) return cells;
  const there = [...new Set([...cells.map((cell) => cell[field]), ...besides])];
  const unknown = wanted.find((name) => !there.includes(name));
  if (unknown === undefined) return cells.filter((cell) => wanted.includes(cell[field]));
  throw new FacetError({
    code: 'experiment.no-cells',
    message: `The experiment has no ${field} ${unknown}.`,
    where: { field: `${field}s` },
    fix: `Use some of: ${there.join(' | ')}.`,
  });
}

/** Groups that follow from others are asked for by those. */
const askedGroups = (design: Design, groups: string | null): string | null =>
  named(groups)
    ?.map((group) => design.askedBy?.(group) ?? group)
    .join(' | ') ?? null;

/** What `--methods` calls the fits of a design that has some. */
const FITS = 'candidates';

const chosenFits = (
  fits: readonly CandidateFit[],
  { groups, methods }: Pick<ExperimentRequest, 'groups' | 'methods'>,
): CandidateFit[] =>
  fits.filter(
    ({ group }) => (named(groups)?.includes(group) ?? true) && (named(methods)?.includes(FITS) ?? true),
  );

const chosenAudits = (
  audits: readonly LabelAudit[],
  { groups, methods }: Pick<ExperimentRequest, 'groups' | 'methods'>,
): LabelAudit[] =>
  audits.filter(
    ({ group, method }) =>
      (named(groups)?.includes(group) ?? true) && (named(methods)?.includes(method) ?? true),
  );

/** The design's cells, and then those that follow from what they took. */
async function runBoth(
  cells: readonly Cell[],
  design: Design,
  input: DesignInput,
  options: RunCellsOptions,
): Promise<CellsEnded> {
  const first = await runCells(cells, options);
  const more = design.followUp?.(first.results, input) ?? [];
  if (more.length === 0) return first;
  const second = await runCells(more, options);
  return {
    results: [...first.results, ...second.results],
    failed: [...first.failed, ...second.failed],
    known: first.known + second.known,
    missing: first.missing + second.missing,
  };
}

/** Throws `FacetError` on bad input; cells that fail are part of the outcome. */
export async function runExperiment(request: ExperimentRequest): Promise<ExperimentOutcome> {
  const { modelDir, seeds, compute, folder, dataFile, processes, stop } = request;
  const startedAt = performance.now();
  const design = designOf(request.name);
  const user = userSettings(request.settings);
  const settings = settingsUnder(user);
  const model = unwrap(await compute.run<'inspect-model'>({ kind: 'inspect-model', modelDir }, { stop }));
  const input: DesignInput = { seeds, modelDir, settings, pairs: await pairsFor(design, request) };
  const groups = askedGroups(design, request.groups);
  const audits = design.audits?.(input) ?? [];
  const cells = chosenCells(
    chosenCells(
      design.cells(input),
      'group',
      groups,
      audits.map(({ group }) => group),
    ),
    'method',
    request.methods,
    [...(design.fits ? [FITS] : []), ...audits.map(({ method }) => method)],
  );
  for (const line of settingsNotFollowed(user, cells)) request.note(line);
  const store = openCellStore(folder);
  const fits = await runFits(chosenFits(design.fits?.(input) ?? [], { ...request, groups }), {
    ...request,
    store,
  });
  const made = await runAudits(chosenAudits(audits, { ...request, groups }), { ...request, store });
  const ended = await runBoth(cells, design, input, { ...request, store });
  const processor = cpus();
  return experimentOutcome(
    design,
    input,
    { ...ended, fits, audits: made },
    {
      command: request.command,
      at: new Date().toISOString(),
      data:
        design.takesPairs === true || dataFile !== null
          ? basename(dataFile ?? 'bundled sample')
          : 'made by the experiment',
      pairs: input.pairs.length,
      model: basename(modelDir),
      parameters: model.parameters,
      modelFingerprint: await modelFingerprint(modelDir, store.cacheDir),
      codeVersion: request.codeVersion,
      codeFingerprint: request.codeFingerprint,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      processor: `${processor[0]?.model.trim() ?? 'processor'} × ${processor.length}`,
      seeds,
      processes,
      known: ended.known,
      missing: ended.missing,
      seconds: (performance.now() - startedAt) / 1000,
    },
  );
}
