/** Orders of codes, shared by the heat map's columns and the usage list. Pure. */
import type { CodeSummary } from '#shared/entities.ts';

export const CODE_ORDERS = ['number', 'share', 'first', 'alike'] as const;
export type CodeOrder = (typeof CODE_ORDERS)[number];

export const ORDER_LABELS: Readonly<Record<CodeOrder, string>> = {
  number: 'by number',
  share: 'by share',
  first: 'by prompts first',
  alike: 'by similarity',
};

/** Largest first; the lower number wins a tie. By similarity, those that fire on the same prompts beside each other. */
export function orderCodes(summaries: readonly CodeSummary[], order: CodeOrder): readonly CodeSummary[] {
  const by = (summary: CodeSummary) =>
    order === 'number' ? 0 : order === 'alike' ? -summary.alike : summary[order];
  return [...summaries].sort((a, b) => by(b) - by(a) || a.code - b.code);
}
