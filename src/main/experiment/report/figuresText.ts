/** Figures as words. */
import type { Estimate, SeedRange } from '../compare.ts';
import { html, type Markup, text } from './html.ts';

export const NONE = text('–');
export const three = (value: number): string => value.toFixed(3);
export const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

export function estimateCell(estimate: Estimate | null, write: (value: number) => string = three): Markup {
  if (!estimate) return NONE;
  const { mean, low, high } = estimate;
  return html`<b>${text(write(mean))}</b> <span class="interval">${text(write(low))} … ${text(write(high))}</span>`;
}

export function rangeCell(range: SeedRange | null, digits = 3): Markup {
  if (!range) return NONE;
  const { mean, low, high } = range;
  const same = low.toFixed(digits) === high.toFixed(digits);
  const spread = same
    ? null
    : html` <span class="interval">${text(low.toFixed(digits))} … ${text(high.toFixed(digits))}</span>`;
  return html`${text(mean.toFixed(digits))}${spread}`;
}

export function duration(seconds: number): string {
  if (seconds < 100) return `${seconds.toFixed(0)} s`;
  return seconds < 5400 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
