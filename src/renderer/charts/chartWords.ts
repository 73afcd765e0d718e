/** A chart in words, for those who can't see it. Pure. */
import { formatCount } from '../format.ts';
import type { ChartSeries } from './chartOptions.ts';
import { formatCompact } from './compactNumber.ts';
import { extentOf } from './series.ts';

/** Where each line stands and between which values it ran. */
export function extentWords(series: readonly ChartSeries[]): string {
  const parts = series.flatMap(({ label, points }) => {
    const extent = extentOf(points);
    return extent
      ? `${label} now ${formatCompact(extent.last)}, from ${formatCompact(extent.lowest)} to ${formatCompact(extent.highest)}`
      : [];
  });
  return parts.length > 0 ? parts.join('; ') : 'no values yet';
}

/** Every line's value at a step. */
export const cursorWords = (
  series: readonly ChartSeries[],
  values: readonly (number | null)[],
  step: number | undefined,
): string =>
  step === undefined
    ? 'no values yet'
    : `step ${formatCount(step)}: ${series.map(({ label }, i) => `${label} ${formatCompact(values[i])}`).join(', ')}`;
