/** Runs cells side by side, each once: what is in the store already is read, what fails is listed and the rest go on. */

import { FacetError, toFailure } from '#core/result.ts';
import { modelFingerprint } from '#disk/modelFingerprint.ts';
import type { ComputeClient } from '../compute/ComputeClient.ts';
import { heldOutRows } from './cellPairs.ts';
import { type CellStore, contentKeyOf } from './cellStore.ts';
import { cellResult } from './figures.ts';
import { pairsSha256 } from './fingerprints.ts';
import { type CellWork, measureCell } from './measureCell.ts';
import type { Cell, CellData, CellResult, FailedCell, Measurement } from './types.ts';

export interface CellsEnded {
  /** In the order of the cells; failed ones are missing. */
  readonly results: readonly CellResult[];
  readonly failed: readonly FailedCell[];
  /** Cells whose results were there before. */
  readonly known: number;
  /** Cells that were asked for and left alone, since only what is there was wanted. */
  readonly missing: number;
}

export type CellEvent =
  | { readonly type: 'started'; readonly total: number; readonly known: number }
  | { readonly type: 'share'; readonly cell: Cell; readonly share: number }
  | { readonly type: 'done'; readonly result: CellResult }
  | { readonly type: 'failed'; readonly failed: FailedCell };

export interface RunCellsOptions {
  readonly compute: ComputeClient;
  readonly store: CellStore;
  /** Only what is in the store: nothing is computed. */
  readonly storedOnly?: boolean;
  /** Cells under way at once. */
  readonly processes: number;
  readonly codeVersion: string;
  readonly codeFingerprint: string;
  readonly stop: AbortSignal;
  readonly onEvent: (event: CellEvent) => void;
}

function requireUniqueKeys(cells: readonly Cell[]): void {
  const keys = new Set(cells.map(({ key }) => key));
  if (keys.size !== cells.length) throw new RangeError('two cells have the same key');
}

/** Hashes of what the cells read; each model and each data function is looked at once. */
async function worksOf(cells: readonly Cell[], options: RunCellsOptions): Promise<CellWork[]> {
  const { codeVersion, codeFingerprint } = options;
  const models = new Map<string, string>();
  const hashes = new Map<() => CellData, { trainingSha256: string; testSha256: string }>();
  const works: CellWork[] = [];
  for (const cell of cells) {
    const model =
      models.get(cell.modelDir) ?? (await modelFingerprint(cell.modelDir, options.store.cacheDir));
    models.set(cell.modelDir, model);
    let data = hashes.get(cell.data);
    if (!data) {
      const own = cell.data();
      data = { trainingSha256: pairsSha256(own.training), testSha256: pairsSha256(heldOutRows(own)) };
      hashes.set(cell.data, data);
    }
    const inputs = { ...data, modelFingerprint: model, codeFingerprint };
    works.push({ cell, contentKey: contentKeyOf(cell, inputs), ...inputs, codeVersion });
  }
  return works;
}

const stopped = (done: number, total: number): FacetError =>
  new FacetError({
    code: 'experiment.stopped',
    message: `The experiment was stopped with ${done} of ${total} cells done; those are kept.`,
    fix: 'Run the same command again to resume.',
  });

/** Throws `experiment.stopped` where asked to end before all cells were through. */
export async function runCells(cells: readonly Cell[], options: RunCellsOptions): Promise<CellsEnded> {
  const { compute, store, processes, stop, onEvent } = options;
  requireUniqueKeys(cells);
  const works = await worksOf(cells, options);
  const byContent = Map.groupBy(works, ({ contentKey }) => contentKey);
  const results = new Map<string, CellResult>();
  const failed: FailedCell[] = [];
  const keep = (same: readonly CellWork[], measurement: Measurement): void => {
    for (const { cell } of same) results.set(cell.key, cellResult(cell, measurement));
  };

  const queue: (readonly CellWork[])[] = [];
  for (const same of byContent.values()) {
    const before = store.read(same[0]!.contentKey);
    if (before) keep(same, before);
    else queue.push(same);
  }
  // A seed after the other: what is stopped on its way has whole seeds to show.
  queue.sort(([a], [b]) => (a?.cell.seed ?? 0) - (b?.cell.seed ?? 0));
  const known = results.size;
  const missing = options.storedOnly ? cells.length - known : 0;
  if (options.storedOnly) queue.length = 0;
  onEvent({ type: 'started', total: cells.length - missing, known });

  const runOne = async (same: readonly CellWork[]): Promise<void> => {
    const work = same[0]!;
    const onShare = (share: number) => onEvent({ type: 'share', cell: work.cell, share });
    try {
      const measurement = await measureCell(work, { compute, store, stop, onShare });
      await store.write(measurement);
      keep(same, measurement);
      for (const { cell } of same) onEvent({ type: 'done', result: results.get(cell.key)! });
    } catch (error) {
      if (stop.aborted) return;
      for (const { cell } of same) {
        const one = { cell, failure: toFailure(error) };
        failed.push(one);
        onEvent({ type: 'failed', failed: one });
      }
    }
  };
  const lane = async (): Promise<void> => {
    for (let same = queue.shift(); same && !stop.aborted; same = queue.shift()) await runOne(same);
  };
  await Promise.all(Array.from({ length: Math.max(1, processes) }, lane));
  if (stop.aborted) throw stopped(results.size, cells.length);
  return { results: cells.flatMap(({ key }) => results.get(key) ?? []), failed, known, missing };
}
