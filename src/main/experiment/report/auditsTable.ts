/** Wrong labels found, by method. */
import { summariseAudits } from '../runAudits.ts';
import type { AuditSummary, MadeAudit } from '../types.ts';
import { three } from './figuresText.ts';
import { html, htmlTable, type Markup, text } from './html.ts';

const percent = (share: number): string => `${Math.round(100 * share)} %`;

export const AUDIT_HEAD = ['scored by', 'seeds', 'found in 5 %', 'found in 10 %', 'accuracy', 'time'];

/** Interval: Wilson's, over the wrong labels of all seeds. */
export const auditCells = ({ method, seeds, recall, accuracy, seconds }: AuditSummary): string[] => [
  method,
  seeds.join(','),
  ...recall.map(({ share, low, high }) => `${three(share)} (${three(low)}–${three(high)})`),
  three(accuracy),
  `${seconds.toFixed(0)} s`,
];

export function auditsSection(made: readonly MadeAudit[]): Markup | null {
  if (made.length === 0) return null;
  const groups = Map.groupBy(summariseAudits(made), ({ group }) => group);
  return html`<section id="audits"><h2>Wrong labels found</h2><p>The share of all wrong labels that stand in the first part of the list; intervals are Wilson’s, 95 %, over the wrong labels of all seeds. Accuracy is that of the margins against the labels before any was turned round.</p>${[
    ...groups,
  ].map(([group, rows]) =>
    htmlTable(
      `${group}: ${rows[0]?.wrong ?? 0} wrong of ${rows[0]?.pairs ?? 0} labels over the seeds; at most ${percent(0.5)} can stand in the first 5 %`,
      AUDIT_HEAD.map((head, place) => (place === 0 ? { head } : { head, figures: true })),
      rows.map((row) => auditCells(row).map((cell) => text(cell))),
    ),
  )}</section>`;
}
