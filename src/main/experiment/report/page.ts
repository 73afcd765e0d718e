/** One HTML page that holds all of an experiment, and needs nothing else. */
import type { MethodSummary } from '../compare.ts';
import type { ExperimentOutcome } from '../outcome.ts';
import { TEST_SHARE } from '../testSplit.ts';
import type { CellResult } from '../types.ts';
import { auditsSection } from './auditsTable.ts';
import { candidatesSection } from './candidatesTable.ts';
import { causesSection } from './causesTables.ts';
import { codeMap } from './codeMap.ts';
import { curvePlot } from './curvePlot.ts';
import { curvesOf } from './curves.ts';
import { duration } from './figuresText.ts';
import { html, type Markup, text } from './html.ts';
import { intervalPlot } from './intervalPlot.ts';
import { allGroupsTable, cellTable, labelTable, latentTable, methodTable, verdict } from './methodTables.ts';
import { provenance } from './provenance.ts';
import { settingsTables } from './settings.ts';
import { STYLE } from './style.ts';

const differenceName = ({ group, method }: MethodSummary, groups: number): string =>
  groups > 1 ? `${method} · ${group}` : method;

function overview(outcome: ExperimentOutcome, groups: number): Markup | null {
  const compared = outcome.summaries.filter(({ difference }) => difference !== null);
  if (compared.length === 0) return null;
  const counts = Map.groupBy(compared, ({ difference }) => verdict(difference!));
  const words = (['ahead', 'behind', 'no difference shown'] as const).flatMap((found) => {
    const count = counts.get(found)?.length ?? 0;
    return count > 0 ? [`${found}: ${count}`] : [];
  });
  return html`<section id="differences"><h2>Against the base</h2><p>${text(
    `Of ${compared.length} comparisons, by their intervals: ${words.join(', ')}.`,
  )} An interval that crosses 0 shows no difference; it does not show that there is none.</p>${intervalPlot(
    'Difference in accuracy to the base of the group, same pairs and seeds, with 95 % intervals',
    compared.map((summary) => ({
      label: differenceName(summary, groups),
      ...summary.difference!,
      points: [],
    })),
    { xLabel: 'difference in accuracy', zero: true },
  )}</section>`;
}

/** More groups than this are folded under a table of all of them. */
const MOST_OPEN_GROUPS = 8;
/** More cells than this are folded. */
const MOST_OPEN_CELLS = 40;
/** Maps are the heaviest part of a page; those of the first groups stand for the others. */
const MOST_MAPS = 16;

function groupSection(outcome: ExperimentOutcome, group: string, rows: readonly MethodSummary[]): Markup {
  return html`${methodTable(group, outcome.design.baseOf(group), rows)}${intervalPlot(
    `${group}: accuracy, 95 % intervals; faint dots are seeds`,
    rows.map(({ method, accuracy, accuracyBySeed }) => ({
      label: method,
      ...accuracy,
      points: accuracyBySeed,
    })),
    { xLabel: 'accuracy on test pairs' },
  )}${latentTable(group, rows)}${labelTable(group, rows)}${provenance(outcome, group)}`;
}

function groupSections(
  outcome: ExperimentOutcome,
  groups: ReadonlyMap<string, readonly MethodSummary[]>,
): Markup {
  const sections = [...groups].map(([group, rows]) => {
    const inside = groupSection(outcome, group, rows);
    return groups.size > MOST_OPEN_GROUPS
      ? html`<details><summary>${text(group)}</summary>${inside}</details>`
      : html`<section><h2>${text(group)}</h2>${inside}</section>`;
  });
  if (groups.size <= MOST_OPEN_GROUPS) return html`${sections}`;
  return html`<section><h2>Groups</h2>${allGroupsTable(outcome.summaries)}${sections}</section>`;
}

/** One map a method and group: that of its first seed. */
function codeMaps(results: readonly CellResult[]): Markup | null {
  const first = new Map<string, CellResult>();
  for (const result of results) {
    const name = `${result.cell.group}/${result.cell.method}`;
    if (!first.has(name)) first.set(name, result);
  }
  const withCodes = [...first.values()].filter(({ codes }) => codes !== null);
  if (withCodes.length === 0) return null;
  const maps = withCodes.slice(0, MOST_MAPS).flatMap((result) => codeMap(result) ?? []);
  const more = withCodes.length - maps.length;
  return html`<section id="maps"><h2>Code maps</h2><p>Each point is one test prompt, placed by its p(z|x), and beside it by the hidden state h_x that the prior reads: the control, since what h_x already shows is not due to the codes. Flat maps exaggerate clusters and hide what other directions hold (of non-linear maps such as t-SNE this is known even of noise), so the last two panels stand beside the others as the paper draws them and the figures count, not the picture: NMI and recovery compare the strongest code with the label, and the linear probe says how often a linear rule reads the label on prompts it was not fitted to.</p>${maps}${more > 0 ? html`<p class="muted">Maps of ${more} more methods are left out; their figures are in the tables.</p>` : null}</section>`;
}

function warnings(results: readonly CellResult[]): Markup | null {
  const said = Map.groupBy(
    results.flatMap(({ cell, warnings: lines }) => lines.map((line) => ({ cell, line }))),
    ({ line }) => line,
  );
  if (said.size === 0) return null;
  const blocks = [...said].map(
    ([line, cells]) =>
      html`<div class="warning">${text(line)}<div class="small muted">${text(cells.map(({ cell }) => cell.key).join(' · '))}</div></div>`,
  );
  return html`<section id="warnings"><h2>What the run doctor found</h2>${blocks}</section>`;
}

function about(outcome: ExperimentOutcome): Markup {
  const { about: at, results } = outcome;
  const entries: readonly (readonly [string, Markup])[] = [
    ['command', html`<code>${text(at.command)}</code>`],
    [
      'run',
      text(
        `${at.at.slice(0, 16).replace('T', ' ')} UTC, ${duration(at.seconds)} with ${at.processes} at once${at.known > 0 ? `; ${at.known} cells were there before` : ''}`,
      ),
    ],
    [
      'pairs',
      text(
        `${at.data}${at.pairs > 0 ? `, ${at.pairs} pairs, ${Math.round(100 * TEST_SHARE)} % of the prompts are the test` : ''}`,
      ),
    ],
    [
      'model',
      html`${text(`${at.model}, ${at.parameters.toLocaleString('en')} parameters`)} <code>${text(at.modelFingerprint.slice(0, 16))}</code>`,
    ],
    ['seeds', text(at.seeds.join(', '))],
    ['engine', text([...new Set(results.map(({ engine }) => engine))].join(', ') || 'none')],
    [
      'version',
      html`${text(at.codeVersion)}, computing code <code>${text(at.codeFingerprint.slice(0, 16))}</code>`,
    ],
    ['machine', text(`${at.processor}, ${at.platform}, Node ${at.node}`)],
  ];
  return html`<dl class="card">${entries.map(([name, value]) => html`<dt>${text(name)}</dt><dd>${value}</dd>`)}</dl>`;
}

export function reportPage(outcome: ExperimentOutcome): string {
  const { design, results, failed, summaries } = outcome;
  const groups = Map.groupBy(summaries, ({ group }) => group);
  const curves = curvesOf(outcome).map((curve) => curvePlot(curve.title, curve.lines, curve));
  const own = Object.keys(outcome.own).length > 0 ? JSON.stringify(outcome.own, null, 2) : null;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${text(`${design.name}: ${design.title}`)}</title><style>${STYLE}</style></head>
<body><main><header><h1>${text(design.title)}</h1><p>${text(design.question)}</p>${design.paper ? html`<p><b>What the paper says.</b> ${text(design.paper.says)} <b>Why it can differ here.</b> ${text(design.paper.differs)}</p>` : null}${about(outcome)}${
    failed.length > 0
      ? html`<div class="warning"><b>${text(`${failed.length} cells failed`)}</b> and are missing below; run the command again to retry them.<ul>${failed.map(({ cell, failure }) => html`<li>${text(`${cell.key}: ${failure.message} ${failure.fix ?? ''}`)}</li>`)}</ul></div>`
      : null
  }${
    outcome.about.missing > 0
      ? html`<div class="warning">${text(`${outcome.about.missing} cells were not computed yet: tables say which seeds they rest on.`)}</div>`
      : null
  }<p class="small muted">Every accuracy is measured on pairs whose prompts were not trained on, without sight of the label: where a method has a prior and a posterior, z is the prior’s, read from the prompt alone. A margin of 0 counts as wrong. Intervals are 95 %, by redrawing seeds and prompts together 2,000 times (crossed bootstrap, keyed, so they repeat); with few seeds they are too narrow rather than too wide, and where no pair is wrong they have no width although up to 3/n errors are not ruled out. Figures of codes give the mean and the range over seeds.</p></header>
${curves.length > 0 ? html`<section><h2>Curves</h2>${curves}</section>` : null}${overview(outcome, groups.size)}${groupSections(outcome, groups)}${
  own === null
    ? null
    : html`<section><h2>Summary</h2><details><summary>What this experiment adds to its JSON</summary><pre><code>${text(own)}</code></pre></details></section>`
}${candidatesSection(outcome.fits)}${auditsSection(outcome.audits)}${causesSection(results)}${codeMaps(results)}${warnings(results)}
<section id="settings"><h2>Settings</h2>${settingsTables(results)}</section>
<section id="cells"><h2>Cells</h2><details${results.length + failed.length > MOST_OPEN_CELLS ? null : ' open'}><summary>${results.length + failed.length} cells</summary>${cellTable(results, failed)}</details></section></main></body></html>
`;
  return page;
}
