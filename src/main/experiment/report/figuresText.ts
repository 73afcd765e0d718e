/** Figures as words. */
import type { Estimate, SeedRange } from '../compare.ts';
import { html, type Markup, text } from './html.ts';

export const NONE = text('–');
/** With a true minus, and none before a zero. */
function fixed(value: number, digits: number): string {
  const written = Math.abs(value).toFixed(digits);
  return value < 0 && Number(written) !== 0 ? `−${written}` : written;
}
export const three = (value: number): string => fixed(value, 3);
export const signed = (value: number): string => (value > 0 ? `+${three(value)}` : three(value));

export function estimateCell(estimate: Estimate | null, write: (value: number) => string = three): Markup {
  if (!estimate) return NONE;
  const { mean, low, high } = estimate;
  return html`<b>${text(write(mean))}</b> <span class="interval">${text(write(low))} … ${text(write(high))}</span>`;
}

export function rangeCell(range: SeedRange | null, digits = 3): Markup {
  if (!range) return NONE;
  const { mean, low, high } = range;
  const same = fixed(low, digits) === fixed(high, digits);
  const spread = same
    ? null
    : html` <span class="interval">${text(fixed(low, digits))} … ${text(fixed(high, digits))}</span>`;
  return html`${text(fixed(mean, digits))}${spread}`;
}

export function duration(seconds: number): string {
  if (seconds < 100) return `${seconds.toFixed(0)} s`;
  return seconds < 5400 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
