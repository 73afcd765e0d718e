/** What each chart of a run draws. Pure: reads a trace, copies nothing but means. */
import type { ChartSeries, LineRole } from '../../charts/chartOptions.ts';
import { type Points, runningMean } from '../../charts/series.ts';
import type { EvaluationColumn, RunTrace, StepColumn } from './runTrace.ts';

export const MEAN_STEPS = 25;

const steps = (trace: RunTrace, name: StepColumn): Points => ({
  x: trace.steps.view('step'),
  y: trace.steps.view(name),
});
const stepMeans = (trace: RunTrace, name: StepColumn): Points => ({
  x: trace.steps.view('step'),
  y: runningMean(trace.steps.view(name), MEAN_STEPS),
});
const evaluations = (trace: RunTrace, name: EvaluationColumn): Points => ({
  x: trace.evaluations.view('step'),
  y: trace.evaluations.view(name),
});

/** Every step in the background, the running mean before it. */
const noisy = (trace: RunTrace, name: StepColumn, role: LineRole, label: string): ChartSeries[] => [
  { label: 'each step', points: steps(trace, name), role, pale: true },
  { label, points: stepMeans(trace, name), role },
];
const held = (
  trace: RunTrace,
  name: EvaluationColumn,
  role: LineRole,
  label: string,
  more: Partial<ChartSeries> = {},
): ChartSeries => ({ label, points: evaluations(trace, name), role, marked: true, ...more });

export interface Other {
  readonly name: string;
  readonly trace: RunTrace;
}

export const lossSeries = (trace: RunTrace, other: Other | null): ChartSeries[] => [
  ...noisy(trace, 'loss', 'accent', `mean of ${MEAN_STEPS}`),
  held(trace, 'loss', 'warn', 'held-out'),
  ...(other
    ? [{ label: other.name, points: stepMeans(other.trace, 'loss'), role: 'muted', dashed: true } as const]
    : []),
];

export const accuracySeries = (trace: RunTrace, latent: boolean, other: Other | null): ChartSeries[] => [
  {
    label: `training pairs, mean of ${MEAN_STEPS}`,
    points: stepMeans(trace, 'accuracy'),
    role: 'faint',
    pale: true,
  },
  held(trace, 'accuracy', 'accent', latent ? 'prior' : 'held-out'),
  ...(latent
    ? [
        held(trace, 'posteriorAccuracy', 'good', 'posterior'),
        held(trace, 'swappedAccuracy', 'bad', 'swapped', { dashed: true }),
      ]
    : []),
  ...(other ? [held(other.trace, 'accuracy', 'muted', `${other.name}, held-out`, { dashed: true })] : []),
];

export const rewardSeries = (trace: RunTrace): ChartSeries[] => [
  held(trace, 'rewardChosen', 'good', 'chosen'),
  held(trace, 'rewardRejected', 'bad', 'rejected'),
  held(trace, 'margin', 'accent', 'margin', { dashed: true }),
];

export const codeSeries = (trace: RunTrace): ChartSeries[] => [
  held(trace, 'codePerplexity', 'accent', 'perplexity'),
  held(trace, 'topCodeShare', 'muted', 'top share (right)', { dashed: true, scale: 'right' }),
];

export const klSeries = (trace: RunTrace): ChartSeries[] => [
  ...noisy(trace, 'kl', 'accent', `mean of ${MEAN_STEPS}`),
  held(trace, 'kl', 'warn', 'held-out'),
];

export const gradientSeries = (trace: RunTrace): ChartSeries[] =>
  noisy(trace, 'gradNorm', 'accent', `mean of ${MEAN_STEPS}`);
