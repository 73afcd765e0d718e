/** Everything that a run's charts draw, for files: one entry a step or evaluation. Pure. */
import { type EvaluationFrame, type RunFrame, type StepFrame, trlMetrics } from './runFrames.ts';

export const FIGURE_FORMATS = ['jsonl', 'csv', 'json', 'tensorboard'] as const;
export type FigureFormat = (typeof FIGURE_FORMATS)[number];

export type FigureEntry = Readonly<Record<string, number>>;

const isFigure = (frame: RunFrame): frame is StepFrame | EvaluationFrame =>
  frame.type === 'step' || frame.type === 'evaluation';

/** The entries of `log_history`, under TRL's names. */
export const figureEntries = (frames: readonly RunFrame[]): FigureEntry[] =>
  frames.filter(isFigure).map(trlMetrics);

/** Names of an entry's figures in the order in which they first appear; `step` first. */
export function figureColumns(entries: readonly FigureEntry[]): string[] {
  const names = new Set(['step']);
  for (const entry of entries) for (const name of Object.keys(entry)) names.add(name);
  return [...names];
}

/** As transformers names them for TensorBoard: `train/loss`, and `eval/loss` for `eval_loss`. */
export const tensorboardTag = (name: string): string =>
  name.startsWith('eval_') ? `eval/${name.slice('eval_'.length)}` : `train/${name}`;
