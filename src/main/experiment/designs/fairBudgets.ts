/**
 * Three ways to give plain training what LPC has: as many steps of the backbone, as many steps in all, as much processor
 * time. Heads' steps over a resting backbone are cheap, so the three differ.
 */
import type { RunConfig } from '#core/runConfig.ts';
import type { Cell, CellResult } from '../types.ts';

export const BUDGETS = ['backbone steps', 'total steps', 'processor time'] as const;
export type Budget = (typeof BUDGETS)[number];

/** The base with a budget; with as many steps in all it is the base itself. */
export const budgetName = (base: string, budget: Budget): string =>
  budget === 'total steps' ? base : `${base}, equal ${budget}`;

const backboneSteps = ({ steps, headsFirst, trainable }: RunConfig): number =>
  trainable === 'heads' ? steps : Math.max(1, steps - Math.round(headsFirst * steps));

interface Compared {
  readonly base: string;
  readonly lpc: string;
}

const withSteps = (cell: Cell, base: string, budget: Budget, steps: number): Cell => {
  const method = budgetName(base, budget);
  return {
    ...cell,
    key: `${cell.group}/${method}/seed ${cell.seed}`,
    method,
    config: { ...cell.config, steps, epochs: null },
  };
};

/** For each LPC cell of a group the base with the backbone's steps alone, after the cells that are there. */
export function withBackboneSteps(cells: readonly Cell[], comparedIn: (group: string) => Compared): Cell[] {
  const more = cells.flatMap((cell) => {
    const { base, lpc } = comparedIn(cell.group);
    const own = cells.find(
      ({ group, method, seed }) => group === cell.group && method === lpc && seed === cell.seed,
    );
    return cell.method === base && own
      ? [withSteps(cell, base, 'backbone steps', backboneSteps(own.config))]
      : [];
  });
  return [...cells, ...more];
}

/** Two digits: a measured time differs from machine to machine, and a cell's key shouldn't with every percent. */
const rounded = (steps: number): number => Math.max(1, Math.round(Number(steps.toPrecision(2))));

/** The base with as many steps as take LPC's processor time, at the base's own pace. */
export function withProcessorTime(
  results: readonly CellResult[],
  comparedIn: (group: string) => Compared,
): Cell[] {
  return results.flatMap((result) => {
    const { cell, processorSeconds } = result;
    const { base, lpc } = comparedIn(cell.group);
    const own = results.find(
      (other) =>
        other.cell.group === cell.group && other.cell.method === lpc && other.cell.seed === cell.seed,
    );
    if (cell.method !== base || !own || !(processorSeconds > 0)) return [];
    const steps = rounded((cell.config.steps * own.processorSeconds) / processorSeconds);
    return [withSteps(cell, base, 'processor time', steps)];
  });
}
