/** Timings that share their disturbances: everything is measured once a round, in turns. */
import { median } from './trainer.ts';

export interface Rounds {
  /** Milliseconds of each round, by name. */
  readonly ms: Readonly<Record<string, readonly number[]>>;
  /** Median over the rounds of `left` over `right`, both of the same round. */
  ratio(left: string, right: string): number;
  fastest(name: string): number;
  typical(name: string): number;
}

/**
 * Times every task once a round, after `warmUp` rounds that don't count. With `settle` each timed run follows an untimed
 * one of the same task: a step pays for its own garbage and caches, not for its neighbour's.
 */
export async function inTurns(
  tasks: Readonly<Record<string, (round: number) => Promise<unknown>>>,
  {
    rounds,
    warmUp,
    settle = false,
  }: { readonly rounds: number; readonly warmUp: number; readonly settle?: boolean },
): Promise<Rounds> {
  const ms: Record<string, number[]> = Object.fromEntries(Object.keys(tasks).map((name) => [name, []]));
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const [name, task] of Object.entries(tasks)) {
      if (settle) await task(round);
      const startedMs = performance.now();
      await task(round);
      if (round >= warmUp) ms[name]?.push(performance.now() - startedMs);
    }
  }
  const of = (name: string): readonly number[] => ms[name] ?? [];
  return {
    ms,
    ratio: (left, right) => median(of(left).map((value, round) => value / (of(right)[round] ?? Number.NaN))),
    fastest: (name) => Math.min(...of(name)),
    typical: (name) => median(of(name)),
  };
}
