/** A figure over a quantity, one line a method, with intervals. */
import { html, type Markup, text } from './html.ts';
import { niceTicks, tickText } from './scale.ts';

export interface CurvePoint {
  readonly x: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}
export interface CurveLine {
  readonly name: string;
  readonly points: readonly CurvePoint[];
  /** A level without an x of its own, drawn across. */
  readonly level?: CurvePoint;
}

const WIDTH = 760;
const HEIGHT = 300;
const LEFT = 52;
const RIGHT = 130;
const TOP = 12;
const BOTTOM = 44;
const COLOURS = ['var(--accent)', 'var(--second)', 'var(--good)', 'var(--bad)'];
/** Apart in shape too, for readers who don't tell the colours apart. */
const DASHES = ['', '6 4', '2 3', '8 3 2 3'];

export function curvePlot(
  title: string,
  lines: readonly CurveLine[],
  { xLabel, logarithmic = false }: { readonly xLabel: string; readonly logarithmic?: boolean },
): Markup {
  const place = (value: number): number => (logarithmic ? Math.log2(value) : value);
  const xs = [...new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  const [first = 0, last = 1] = [xs[0], xs.at(-1)];
  const all = lines.flatMap(({ points, level }) => [...points, ...(level ? [level] : [])]);
  const ticks = niceTicks(
    Math.min(...all.map(({ low }) => low)),
    Math.max(...all.map(({ high }) => high)),
    5,
  );
  const from = ticks[0] as number;
  const to = ticks.at(-1) as number;
  const width = WIDTH - LEFT - RIGHT;
  const span = place(last) - place(first) || 1;
  /** Lines stand a little beside each other, so that their bars don't hide one another. */
  const x = (value: number, line = (lines.length - 1) / 2): string => {
    const beside = 5 * (line - (lines.length - 1) / 2);
    return (LEFT + 16 + ((width - 32) * (place(value) - place(first))) / span + beside).toFixed(1);
  };
  const y = (value: number): number => TOP + ((HEIGHT - TOP - BOTTOM) * (to - value)) / (to - from);
  const at = (value: number): string => y(value).toFixed(1);
  const grid = ticks.map(
    (tick) =>
      html`<line class="grid" x1="${LEFT}" x2="${LEFT + width}" y1="${at(tick)}" y2="${at(tick)}"/><text class="axis" x="${LEFT - 8}" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${tickText(tick)}</text>`,
  );
  const marks = xs.map(
    (value) =>
      html`<text class="axis" x="${x(value)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${text(value)}</text>`,
  );
  const ends = lines.map(({ points, level }) => y((points.at(-1) ?? level)?.mean ?? 0));
  const drawn = lines.map(({ name, points, level }, index) => {
    const colour = COLOURS[index % COLOURS.length] as string;
    const dash = DASHES[index % DASHES.length] as string;
    const path = points
      .map((point, step) => `${step === 0 ? 'M' : 'L'}${x(point.x, index)} ${at(point.mean)}`)
      .join('');
    const across = level
      ? html`<rect x="${LEFT}" width="${width}" y="${at(level.high)}" height="${(y(level.low) - y(level.high)).toFixed(1)}" fill="${colour}" opacity="0.12"/><line x1="${LEFT}" x2="${LEFT + width}" y1="${at(level.mean)}" y2="${at(level.mean)}" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`
      : null;
    // Names at the lines' ends keep a distance from each other.
    const above = ends.filter(
      (end, other) => other !== index && Math.abs(end - ends[index]!) < 14 && other < index,
    );
    const labelY = ends[index]! + 4 + 14 * above.length;
    return html`<g><title>${text(name)}</title>${across}${points.map(
      (point) =>
        html`<line x1="${x(point.x, index)}" x2="${x(point.x, index)}" y1="${at(point.low)}" y2="${at(point.high)}" stroke="${colour}" stroke-width="1.5" opacity="0.6"/><circle cx="${x(point.x, index)}" cy="${at(point.mean)}" r="4" fill="${colour}"><title>${text(`${name}, ${point.x}: ${point.mean.toFixed(3)} (${point.low.toFixed(3)} … ${point.high.toFixed(3)})`)}</title></circle>`,
    )}<path d="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/><text x="${LEFT + width + 8}" y="${labelY.toFixed(1)}" style="fill:${colour}">${text(name)}</text></g>`;
  });
  return html`<figure class="card"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${text(title)}">${grid}${marks}${drawn}<text class="axis" x="${LEFT + width / 2}" y="${HEIGHT - 6}" text-anchor="middle">${text(xLabel)}</text></svg><figcaption>${text(title)}. Bars are 95 % intervals.</figcaption></figure>`;
}
