/** Orders of a queue in words. Pure. */
import type { Need } from '#core/queueNeed.ts';
import type { QueueOrder } from '#shared/queueOrder.ts';

export const NEED_NAMES: Readonly<Record<Need, string>> = {
  any: 'All of these together',
  margin: 'Margin near zero',
  entropy: 'Codes undecided (entropy)',
  gap: 'Prior far from posterior',
  codes: 'Codes with few labels',
  disagreement: 'People likely to differ',
};

export function orderName(order: QueueOrder | undefined): string {
  if (order === undefined) return 'Import order';
  if (order.by === 'random') return 'At random';
  if (order.by === 'least') return 'Least labelled';
  if (order.by === 'sources') return 'Sources in shares';
  return order.need === 'any' ? 'By need' : NEED_NAMES[order.need];
}
