/**
 * Each method at the rates that suit it, so that none is ahead by settings that were chosen for another: the same few
 * candidates for all, of equal steps, tried with one seed on prompts set aside from the training pairs.
 */
import type { RunConfig } from '#core/runConfig.ts';
import { mean } from '#core/statistics.ts';
import type { Cell, CellResult } from '../types.ts';

/** What the rates of a method are multiplied by; of equally good ones the first counts. */
const FACTORS = [1, 3, 10, 0.3, 0.1] as const;

const candidateName = (method: string, factor: number): string => `${method}, rates × ${factor}`;

const scaled = (config: RunConfig, factor: number): RunConfig => ({
  ...config,
  headsLearningRate: config.headsLearningRate * factor,
  codebookLearningRate: config.codebookLearningRate === null ? null : config.codebookLearningRate * factor,
  lengthLearningRate: config.lengthLearningRate * factor,
});

const renamed = (cell: Cell, method: string, config: RunConfig): Cell => ({
  ...cell,
  key: `${cell.group}/${method}/seed ${cell.seed}`,
  method,
  config,
});

/** Of the first seed's cells, those that are tried. */
export function rateCandidates(cells: readonly Cell[]): Cell[] {
  const [first] = cells;
  return cells
    .filter(({ seed }) => seed === first?.seed)
    .flatMap((cell) =>
      FACTORS.map((factor) => renamed(cell, candidateName(cell.method, factor), scaled(cell.config, factor))),
    );
}

/** Mean −log σ of the margins, nats: less noisy on few pairs than a share of right ones. */
const validationLoss = ({ pairs }: CellResult): number =>
  mean(pairs.map(({ margin }) => Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)))));

/** `cells` with the rates whose candidate did best; without the methods of which no candidate is there. */
export function atChosenRates(cells: readonly Cell[], tried: readonly CellResult[]): Cell[] {
  return cells.flatMap((cell) => {
    const found = FACTORS.flatMap((factor) => {
      const name = candidateName(cell.method, factor);
      const result = tried.find(({ cell: { method } }) => method === name);
      return result ? [{ factor, loss: validationLoss(result) }] : [];
    });
    const [best] = found.toSorted((a, b) => a.loss - b.loss);
    if (!best) return [];
    const chosen = renamed(cell, cell.method, scaled(cell.config, best.factor));
    return [{ ...chosen, facts: { 'rates ×': best.factor } }];
  });
}
