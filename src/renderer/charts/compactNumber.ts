/** Figures on axes and in legends: about three significant digits at any size. */
import { formatCount, formatFigure } from '../format.ts';

/** 5e-4 stays 5e-4: rates are read as they are typed, so the exponent keeps its hyphen. */
function formatScientific(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(2).split('e');
  return `${String(Number(mantissa)).replace('-', '−')}e${Number(exponent)}`;
}

/** Scientific outside 0.001…100,000; a dash where there is no number. */
export function formatCompact(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 0.001 || size >= 100_000) return formatScientific(value);
  if (size >= 1000) return formatCount(Math.round(value)).replace('-', '−');
  return formatFigure(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** Axis label: as few digits as tell neighbouring ticks apart. */
export function formatTick(value: number, increment: number): string {
  const size = Math.max(Math.abs(value), Math.abs(increment));
  if (size >= 100_000 || (increment > 0 && increment < 1e-4))
    return value === 0 ? '0' : formatScientific(value);
  const digits = decimalsOf(increment);
  return size >= 1000 ? formatCount(value).replace('-', '−') : formatFigure(value, digits);
}

/** Decimals that a tick step needs: 0.25 takes two, 0.5 one, 2 none. */
function decimalsOf(increment: number): number {
  for (let digits = 0; digits < 5; digits++) {
    const scaled = increment * 10 ** digits;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6) return digits;
  }
  return 5;
}
