/** What each code does alone, code × label, of the first seed of each method. */
import type { CellResult } from '../types.ts';
import { three } from './figuresText.ts';
import { html, htmlTable, type Markup, text } from './html.ts';

/** More tables than this are left out: figures of all are in the tables of methods. */
const MOST_TABLES = 16;

const percent = (share: number): string => `${Math.round(100 * share)} %`;

function causesTable({ cell, causes }: CellResult): Markup | null {
  if (!causes) return null;
  const { codes, groups, effects, serves, recovery, gainOverOneCode: gain } = causes;
  const caption = `${cell.group}, ${cell.method}, seed ${cell.seed}: causal recovery ${recovery === null ? 'not known' : three(recovery)}, gain over one code ${three(gain.value)} (${three(gain.low)} … ${three(gain.high)})`;
  return htmlTable(
    caption,
    [
      { head: 'with this code alone' },
      ...groups.map((group) => ({ head: group, figures: true })),
      { head: 'serves' },
    ],
    codes.map((code, index) => [
      text(`code ${code}`),
      ...groups.map((group) => {
        const effect = effects.find((one) => one.code === code && one.group === group);
        if (!effect) return text('–');
        return html`${text(percent(effect.accuracy))}<span class="interval">${text(`${percent(effect.low)}–${percent(effect.high)}`)}</span>`;
      }),
      text(serves[index] ?? 'none beyond chance'),
    ]),
  );
}

export function causesSection(results: readonly CellResult[]): Markup | null {
  const first = new Map<string, CellResult>();
  for (const result of results) {
    const name = `${result.cell.group}/${result.cell.method}`;
    if (result.causes && !first.has(name)) first.set(name, result);
  }
  if (first.size === 0) return null;
  const tables = [...first.values()].slice(0, MOST_TABLES).map(causesTable);
  const more = first.size - tables.length;
  return html`<section id="causes"><h2>What codes cause</h2><p>Each code in use alone makes z of all test pairs: the share that is then right, by label of the prompt, with the 95 % interval by the bootstrap over prompts. A code that is chosen for a label and does nothing for it tells topics apart, not preferences.</p>${tables}${more > 0 ? html`<p class="muted">${text(`${more} more are left out.`)}</p>` : null}</section>`;
}
