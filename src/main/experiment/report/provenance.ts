/** Where a group's table comes from: the command that gives it alone, and hashes of its pairs. */
import type { ExperimentOutcome } from '../outcome.ts';
import { html, type Markup, text } from './html.ts';

const quoted = (name: string): string => `'${name.replaceAll("'", "'\\''")}'`;

/** The experiment's command for one group; what chose groups before, and whether results were only shown, is left out. */
export const commandOfGroup = (command: string, group: string): string =>
  `${command.replace(/ --groups (?:'(?:[^']|'\\'')*'|\S+)/, '').replace(/ --stored\b/, '')} --groups ${quoted(group)}`;

const SHOWN = 16;

export function provenance({ about, results }: ExperimentOutcome, group: string): Markup {
  const own = results.filter(({ cell }) => cell.group === group);
  const hashes = (of: (result: (typeof own)[number]) => string): string =>
    [...new Set(own.map(of))].map((hash) => hash.slice(0, SHOWN)).join(', ');
  return html`<p class="small muted">This table: <code>${text(commandOfGroup(about.command, group))}</code> · training pairs <code>${text(hashes(({ trainingSha256 }) => trainingSha256))}</code> · test pairs <code>${text(hashes(({ testSha256 }) => testSha256))}</code></p>`;
}
