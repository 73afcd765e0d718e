/** Where a group's table comes from: the command that gives it alone, and hashes of its pairs. */
import type { ExperimentOutcome } from '../outcome.ts';
import { html, type Markup, text } from './html.ts';

const quoted = (name: string): string => `'${name.replaceAll("'", "'\\''")}'`;

/** The experiment's command for one group; what chose groups before, and whether results were only shown, is left out. */
export const commandOfGroup = (command: string, group: string): string =>
  `${command.replace(/ --groups (?:'(?:[^']|'\\'')*'|\S+)/, '').replace(/ --stored\b/, '')} --groups ${quoted(group)}`;

const SHOWN = 16;

export function provenance({ about, results, design }: ExperimentOutcome, group: string): Markup {
  const own = results.filter(({ cell }) => cell.group === group);
  const hashes = (of: (result: (typeof own)[number]) => string): string =>
    [...new Set(own.map(of))].map((hash) => hash.slice(0, SHOWN)).join(', ');
  const hashed: readonly (readonly [string, string])[] = [
    ['training pairs', hashes(({ trainingSha256 }) => trainingSha256)],
    ['test pairs', hashes(({ testSha256 }) => testSha256)],
    ['model', hashes((result) => result.modelFingerprint)],
    ['computing code', hashes((result) => result.codeFingerprint)],
  ];
  const seeds = [...new Set(own.map(({ cell }) => cell.seed))].sort((a, b) => a - b);
  const days = [...new Set(own.map(({ at }) => at.slice(0, 10)))].sort();
  return html`<p class="small muted">This table: <code>${text(commandOfGroup(about.command, design.askedBy?.(group) ?? group))}</code> · seeds ${text(seeds.join(', '))} · ${text(days.join(', '))}${hashed.map(([name, value]) => html` · ${text(name)} <code>${text(value)}</code>`)}</p>`;
}
