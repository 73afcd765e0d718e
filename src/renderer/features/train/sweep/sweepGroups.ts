/** Rows of a sweep's table: runs of one setting together, whatever their seeds. Pure. */
import { type BestBy, isBetter } from '#core/bestCheckpoint.ts';
import type { SweepValue } from '#shared/sweep.ts';
import type { SweepRow, SweepTable } from '#shared/sweepContract.ts';

export const METRICS = ['accuracy', 'loss', 'codesInUse', 'causalRecovery'] as const;
export type SweepMetric = (typeof METRICS)[number];
export const METRIC_NAMES: Readonly<Record<SweepMetric, string>> = {
  accuracy: 'Held-out accuracy',
  loss: 'Held-out loss',
  codesInUse: 'Codes in use',
  causalRecovery: 'Causal recovery',
};

export const metricOf = (row: SweepRow, metric: SweepMetric): number | null =>
  metric === 'causalRecovery' ? row.causalRecovery : (row.figures?.[metric] ?? null);

export interface Spread {
  readonly mean: number;
  /** 95 % over prompts of a single run, else the least and the most of the seeds; null where there is none. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface SweepGroup {
  readonly values: readonly SweepValue[];
  readonly rows: readonly SweepRow[];
  /** Runs with held-out figures. */
  readonly measured: number;
  readonly spread: Readonly<Record<SweepMetric, Spread | null>>;
}

function spreadOf(rows: readonly SweepRow[], metric: SweepMetric): Spread | null {
  const known = rows.flatMap((row) => metricOf(row, metric) ?? []);
  if (known.length === 0) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  if (known.length > 1) return { mean, low: Math.min(...known), high: Math.max(...known) };
  const figures = metric === 'accuracy' ? rows.find((row) => row.figures !== null)?.figures : null;
  return { mean, low: figures?.accuracyLow ?? null, high: figures?.accuracyHigh ?? null };
}

/** One group a setting, in the order of the sweep's values. */
export function sweepGroups({ axes, rows }: Pick<SweepTable, 'axes' | 'rows'>): SweepGroup[] {
  const byValues = new Map<string, SweepRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(row.values);
    byValues.set(key, [...(byValues.get(key) ?? []), row]);
  }
  const place = (value: SweepValue, axis: number) => axes[axis]?.values.indexOf(value) ?? 0;
  return [...byValues.values()]
    .map((same): SweepGroup => {
      const sorted = same.toSorted((a, b) => a.seed - b.seed);
      return {
        values: sorted[0]?.values ?? [],
        rows: sorted,
        measured: sorted.filter(({ figures }) => figures !== null).length,
        spread: {
          accuracy: spreadOf(sorted, 'accuracy'),
          loss: spreadOf(sorted, 'loss'),
          codesInUse: spreadOf(sorted, 'codesInUse'),
          causalRecovery: spreadOf(sorted, 'causalRecovery'),
        },
      };
    })
    .toSorted((a, b) => {
      for (let axis = 0; axis < axes.length; axis++) {
        const apart = place(a.values[axis] ?? null, axis) - place(b.values[axis] ?? null, axis);
        if (apart !== 0) return apart;
      }
      return 0;
    });
}

/** The group of the best mean over its seeds; null where fewer than two have figures. */
export function bestGroup(groups: readonly SweepGroup[], by: BestBy): SweepGroup | null {
  let best: { group: SweepGroup; loss: number; accuracy: number } | null = null;
  let compared = 0;
  for (const group of groups) {
    const { loss, accuracy } = group.spread;
    if (loss === null || accuracy === null) continue;
    compared += 1;
    const held = { loss: loss.mean, accuracy: accuracy.mean };
    if (isBetter(by, held, best)) best = { group, ...held };
  }
  return compared < 2 ? null : (best?.group ?? null);
}

export const valueWords = (value: SweepValue): string => (value === null ? 'none' : String(value));

/** Where each value stands from 0 to 1: by size, by order of magnitude where they spread over ten times, else in their order. */
export function placesOf(values: readonly SweepValue[]): {
  places: readonly number[];
  scale: 'lin' | 'log' | 'order';
} {
  const numbers = values.filter((value): value is number => typeof value === 'number');
  const inOrder = values.map((_, index) => (values.length === 1 ? 0.5 : index / (values.length - 1)));
  if (numbers.length < values.length || numbers.length < 2) return { places: inOrder, scale: 'order' };
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const isLog = least > 0 && most / least >= 10;
  const at = (value: number) => (isLog ? Math.log(value) : value);
  const places = numbers.map((value) => (at(value) - at(least)) / (at(most) - at(least)));
  return { places, scale: isLog ? 'log' : 'lin' };
}
