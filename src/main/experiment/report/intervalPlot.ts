/** Means with their intervals, one row a method, each seed a faint dot. */
import { html, type Markup, text } from './html.ts';
import { niceTicks, tickText } from './scale.ts';

export interface IntervalRow {
  readonly label: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly points: readonly number[];
}

const WIDTH = 760;
const ROW_HEIGHT = 26;
const FOOT = 34;
const RIGHT = 20;

/** `zero` draws the line of no difference, and keeps it in view. */
export function intervalPlot(
  title: string,
  rows: readonly IntervalRow[],
  { xLabel, zero = false }: { readonly xLabel: string; readonly zero?: boolean },
): Markup {
  const left = Math.min(380, 24 + 6.6 * Math.max(...rows.map(({ label }) => label.length)));
  const values = rows.flatMap(({ low, high, points }) => [low, high, ...points]).concat(zero ? [0] : []);
  const ticks = niceTicks(Math.min(...values), Math.max(...values), 6);
  const from = ticks[0] as number;
  const to = ticks.at(-1) as number;
  const x = (value: number): number => left + ((WIDTH - left - RIGHT) * (value - from)) / (to - from);
  const height = rows.length * ROW_HEIGHT + FOOT;
  const bottom = rows.length * ROW_HEIGHT + 4;
  const at = (value: number): string => x(value).toFixed(1);
  const grid = ticks.map(
    (tick) =>
      html`<line class="${zero && Math.abs(tick) < 1e-12 ? 'zero' : 'grid'}" x1="${at(tick)}" x2="${at(tick)}" y1="0" y2="${bottom}"/><text class="axis" x="${at(tick)}" y="${bottom + 14}" text-anchor="middle">${tickText(tick)}</text>`,
  );
  const marks = rows.map(({ label, mean, low, high, points }, index) => {
    const y = index * ROW_HEIGHT + ROW_HEIGHT / 2;
    return html`<g><title>${text(`${label}: ${mean.toFixed(3)} (${low.toFixed(3)} … ${high.toFixed(3)})`)}</title><text x="${left - 12}" y="${y + 4}" text-anchor="end">${text(label)}</text>${points.map(
      (point) => html`<circle cx="${at(point)}" cy="${y}" r="3" fill="var(--muted)" opacity="0.45"/>`,
    )}<line x1="${at(low)}" x2="${at(high)}" y1="${y}" y2="${y}" stroke="var(--accent)" stroke-width="2"/><line x1="${at(low)}" x2="${at(low)}" y1="${y - 4}" y2="${y + 4}" stroke="var(--accent)" stroke-width="2"/><line x1="${at(high)}" x2="${at(high)}" y1="${y - 4}" y2="${y + 4}" stroke="var(--accent)" stroke-width="2"/><circle cx="${at(mean)}" cy="${y}" r="4.5" fill="var(--accent)"/></g>`;
  });
  return html`<figure class="card"><svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${text(title)}">${grid}${marks}<text class="axis" x="${(left + WIDTH - RIGHT) / 2}" y="${height - 4}" text-anchor="middle">${text(xLabel)}</text></svg><figcaption>${text(title)}</figcaption></figure>`;
}
