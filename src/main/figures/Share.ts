import { wilsonInterval } from '#core/wilsonInterval.ts';
import type { Share } from '#shared/dataEntities.ts';

export function shareOf(count: number, of: number): Share {
  const share = of === 0 ? null : count / of;
  const [low, high] = wilsonInterval(share ?? 0, of);
  return { count, of, share, low, high };
}
