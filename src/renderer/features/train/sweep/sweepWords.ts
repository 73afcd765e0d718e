import type { Sweep, SweepTable } from '#shared/sweepContract.ts';
import { plural } from '../../../format.ts';
import { isActive } from '../runWords.ts';

/** `learningRate × latent.codes, 3 seeds`. */
export const sweptWords = ({ axes, seeds }: Pick<Sweep, 'axes' | 'seeds'>): string =>
  [
    axes.map(({ field }) => field).join(' × '),
    ...(seeds.length > 1 ? [plural(seeds.length, 'seed')] : []),
  ].join(', ');

/** `2 of 6 runs begun`, with what became of the rest. */
export function sweepStateWords({ runIds, waiting, paused, cancelled }: Sweep): string {
  const begun =
    waiting === 0
      ? plural(runIds.length, 'run')
      : `${runIds.length} of ${plural(runIds.length + waiting, 'run')} begun`;
  if (cancelled) return `${begun}, cancelled`;
  return paused ? `${begun}, paused` : begun;
}

/** Whether what the table shows will change: a run of it trains, or waits. */
export const isAtWork = ({ rows }: Pick<SweepTable, 'rows'>): boolean =>
  rows.some(({ state }) => state === 'waiting' || isActive({ state }));
