/** Where the test prompts lie by their codes: p(z|x) drawn flat, once by strongest code and once by label. */
import { strongestCodes } from '#core/codebook.ts';
import { draw } from '#core/layout/draw.ts';
import { KEPT_OF } from '#core/layout/faithful.ts';
import { linearProbeAccuracy } from '#core/linearProbe.ts';
import { flatMap } from '#core/principalComponents.ts';
import type { CellResult } from '../types.ts';
import { three } from './figuresText.ts';
import { html, type Markup, text } from './html.ts';

const SIDE = 320;
const MARGIN = 12;
const RADIUS = 4;
/** More would hide each other, and make the page heavy. */
const MOST_POINTS = 400;
const SHOWN_IN_LEGEND = 12;

/** The same hue a code as in the window: a golden angle apart, a lightness of its own every 21. */
function colour(index: number): string {
  const hue = ((index * 137.50776405003785 + 20) % 360).toFixed(1);
  const round = Math.floor(index / 21) % 3;
  return `light-dark(hsl(${hue} 60% ${[48, 34, 60][round]}%), hsl(${hue} 55% ${[64, 78, 50][round]}%))`;
}

/** Circles, squares, triangles, diamonds: neighbours in the list differ in shape as in hue. */
function mark(x: number, y: number, index: number, title: string | null): Markup {
  const at = (value: number): string => value.toFixed(1);
  const r = RADIUS;
  const tip = title === null ? null : html`<title>${text(title)}</title>`;
  const path = [
    `M${at(x - r)} ${at(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`,
    `M${at(x - 3.6)} ${at(y - 3.6)}h7.2v7.2h-7.2z`,
    `M${at(x)} ${at(y - 4.6)}l4.4 7.8h-8.8z`,
    `M${at(x)} ${at(y - 5)}l5 5l-5 5l-5 -5z`,
  ][index % 4] as string;
  return tip ? html`<path d="${path}">${tip}</path>` : html`<path d="${path}"/>`;
}

/** One colour for all marks of a kind, said once. */
const coloured = (index: number, marks: readonly Markup[]): Markup =>
  html`<g style="fill:${colour(index)}" fill-opacity="0.75">${marks}</g>`;

const legendMark = (index: number): Markup =>
  html`<svg viewBox="0 0 10 10" aria-hidden="true">${coloured(index, [mark(5, 5, index, null)])}</svg>`;

function panel(
  name: string,
  points: readonly (readonly [number, number])[],
  kinds: readonly number[],
  names: (index: number) => string,
  /** Said where a pointer rests on a point; one panel of a map has them. */
  titles: readonly string[] | null,
): Markup {
  const counts = new Map<number, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const ordered = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const more = ordered.length - SHOWN_IN_LEGEND;
  const drawn = ordered.map(([kind]) =>
    coloured(
      kind,
      points.flatMap(([x, y], index) =>
        kinds[index] === kind ? [mark(x, y, kind, titles?.[index] ?? null)] : [],
      ),
    ),
  );
  return html`<div><svg viewBox="0 0 ${SIDE} ${SIDE}" role="img" aria-label="${text(name)}"><rect x="0.5" y="0.5" width="${SIDE - 1}" height="${SIDE - 1}" fill="none" class="grid" rx="6"/>${drawn}</svg><div class="small muted">${text(name)}</div><ul class="legend">${ordered
    .slice(0, SHOWN_IN_LEGEND)
    .map(
      ([kind, count]) =>
        html`<li>${legendMark(kind)}${text(names(kind))} <span class="muted">${count}</span></li>`,
    )}${more > 0 ? html`<li class="muted">and ${more} more</li>` : null}</ul></div>`;
}

const rowsOf = (values: readonly number[], width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, row) => values.slice(row * width, (row + 1) * width));

/** Fills the square, both axes to one scale. */
function placed(points: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  const span = Math.max(right - left, high - low) || 1;
  const scale = (SIDE - 2 * MARGIN) / span;
  const middleX = (left + right) / 2;
  const middleY = (low + high) / 2;
  return points.map(
    ([x, y]) => [SIDE / 2 + (x - middleX) * scale, SIDE / 2 - (y - middleY) * scale] as const,
  );
}

const TSNE_SEED = 1;
/** t-SNE, the same each time; null where there are too few rows for neighbours to mean anything. */
function neighbourMap(rows: readonly (readonly number[])[]): (readonly [number, number])[] | null {
  const width = rows[0]?.length ?? 0;
  if (rows.length < KEPT_OF || width === 0) return null;
  const points = { values: Float32Array.from(rows.flat()), width };
  const { picture } = draw(points, { method: 'tsne', seed: TSNE_SEED }, () => undefined);
  return rows.map((_, row) => [picture[2 * row] ?? 0, picture[2 * row + 1] ?? 0] as const);
}

const shareText = (explained: readonly [number, number]): string =>
  explained.map((share) => `${(100 * share).toFixed(0)} %`).join(' and ');

/** null for a cell without codes. */
export function codeMap({ cell, codes, promptLabels, figures }: CellResult): Markup | null {
  if (!codes || codes.promptIds.length === 0) return null;
  const rows = rowsOf(codes.weights, codes.codes);
  const states = codes.states ? rowsOf(codes.states.values, codes.states.size) : null;
  const labels = [...new Set(promptLabels)].sort();
  const commonest = Math.max(
    ...labels.map((label) => promptLabels.filter((other) => other === label).length / promptLabels.length),
  );
  const every = Math.ceil(rows.length / MOST_POINTS);
  const kept = rows.map((_, row) => row).filter((row) => row % every === 0);
  const keptOf = (from: readonly number[][]) => kept.map((row) => from[row] as number[]);
  const flat = (from: readonly number[][]) => flatMap(keptOf(from));
  const map = flat(rows);
  const stateMap = states && flat(states);
  const near = neighbourMap(keptOf(rows));
  const nearStates = states && neighbourMap(keptOf(states));
  const strongest = strongestCodes(codes.weights, codes.codes);
  const titles = kept.map((row) => {
    const code = strongest[row] as number;
    const weight = (rows[row]?.[code] ?? 0).toFixed(2);
    return `${promptLabels[row]} · strongest code ${code} (${weight}) · prompt ${codes.promptIds[row]}`;
  });
  const probe = linearProbeAccuracy(rows, promptLabels);
  const stateProbe = states && linearProbeAccuracy(states, promptLabels);
  const measures = [
    figures.nmi === null ? null : `NMI(code; label) ${three(figures.nmi)}`,
    figures.recovery === null ? null : `recovery ${three(figures.recovery)}`,
    probe === null ? null : `linear probe on p(z|x) ${three(probe)}`,
    stateProbe === null ? null : `on h_x ${three(stateProbe)}`,
    labels.length > 1 ? `commonest label ${three(commonest)}` : null,
    figures.codePerplexity === null ? null : `${figures.codePerplexity.toFixed(1)} codes in use`,
  ].filter((measure) => measure !== null);
  const byCode = kept.map((row) => strongest[row] as number);
  const byLabel = kept.map((row) => labels.indexOf(promptLabels[row] as string));
  const codeName = (code: number): string => `code ${code}`;
  const labelName = (label: number): string => labels[label] as string;
  const panels = [
    panel('p(z|x), by strongest code', placed(map.points), byCode, codeName, titles),
    panel('p(z|x), by label', placed(map.points), byLabel, labelName, null),
    stateMap && panel('h_x, by strongest code', placed(stateMap.points), byCode, codeName, null),
    stateMap && panel('h_x, by label', placed(stateMap.points), byLabel, labelName, null),
    near && panel('p(z|x) by t-SNE, by label', placed(near), byLabel, labelName, null),
    nearStates && panel('h_x by t-SNE, by label', placed(nearStates), byLabel, labelName, null),
  ];
  const caption = `${kept.length} test prompts, first two principal components: ${shareText(map.explained)} of the variance of p(z|x)`;
  const ofStates = stateMap
    ? `, ${shareText(stateMap.explained)} of that of h_x`
    : '; h_x was too large to keep';
  return html`<figure class="card"><h3 style="margin-top:0">${text(`${cell.group} · ${cell.method} · seed ${cell.seed}`)}</h3><p class="small">${text(measures.join(' · '))}</p><div class="maps">${panels}</div><figcaption>${text(`${caption}${ofStates}.`)}</figcaption></figure>`;
}
