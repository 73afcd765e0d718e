/** What each chart of a run draws. Pure: reads a trace, copies nothing but means. */
import type { ChartSeries, LineRole } from '../../charts/chartOptions.ts';
import { lastUpTo, type Points, runningMean } from '../../charts/series.ts';
import { formatCount } from '../../format.ts';
import type { EvaluationColumn, RunTrace, StepColumn } from './runTrace.ts';

const MEAN_WINDOWS = [25, 50, 100, 250, 500, 1000, 2500, 5000] as const;

/** How many reported steps a mean spans; 1 draws the steps alone, null is chosen by the run's length. */
export type Smoothing = number | null;
export const SMOOTHINGS: readonly Smoothing[] = [null, 1, 5, 10, ...MEAN_WINDOWS.slice(0, 6)];

/** Wider for longer runs where nobody chose one, so that the line stays a line. */
export const meanWindow = ({ steps: { rows } }: RunTrace, smoothing: Smoothing = null): number =>
  smoothing ?? MEAN_WINDOWS.find((window) => window >= rows / 60) ?? 10_000;

const steps = (trace: RunTrace, name: StepColumn): Points => ({
  x: trace.steps.view('step'),
  y: trace.steps.view(name),
});
const stepMeans = (trace: RunTrace, name: StepColumn, smoothing: Smoothing): Points => ({
  x: trace.steps.view('step'),
  y: runningMean(trace.steps.view(name), meanWindow(trace, smoothing)),
});
const evaluations = (trace: RunTrace, name: EvaluationColumn): Points => ({
  x: trace.evaluations.view('step'),
  y: trace.evaluations.view(name),
});

/** A fast run reports a part of its steps: whether this trace holds them all. */
const reportedAll = ({ steps: { rows }, lastStep }: RunTrace): boolean => rows >= (lastStep?.step ?? 0);

/** `each step`, or `15 of 84 steps, as reported`. */
export const reportedWords = (trace: RunTrace): string =>
  reportedAll(trace)
    ? 'each step'
    : `${formatCount(trace.steps.rows)} of ${formatCount(trace.lastStep?.step ?? 0)} steps, as reported`;

/** The reported step nearest to a place of a chart; null where none was reported yet. */
export function reportedStep(trace: RunTrace, at: number): number | null {
  const all = trace.steps.view('step');
  if (all.length === 0) return null;
  const before = Math.max(0, lastUpTo(all, at));
  const [low, high] = [all[before] as number, all[Math.min(before + 1, all.length - 1)] as number];
  return at - low <= high - at ? low : high;
}

/** Every step in the background, the running mean before it. */
const noisy = (trace: RunTrace, name: StepColumn, smoothing: Smoothing): ChartSeries[] => {
  const all: ChartSeries = {
    label: reportedAll(trace) ? 'each step' : 'reported steps',
    points: steps(trace, name),
    role: 'accent',
  };
  if (smoothing === 1) return [all];
  const label = `mean of ${meanWindow(trace, smoothing)}`;
  return [
    { ...all, pale: true },
    { label, points: stepMeans(trace, name, smoothing), role: 'accent' },
  ];
};
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

/** Whether a column has a value anywhere: older runs lack some, and not every method has every term. */
const has = (trace: RunTrace, name: StepColumn): boolean =>
  trace.steps.view(name).some((value) => !Number.isNaN(value));

const term = (
  trace: RunTrace,
  name: StepColumn,
  smoothing: Smoothing,
  line: Pick<ChartSeries, 'label' | 'role'>,
): ChartSeries[] => (has(trace, name) ? [{ ...line, points: stepMeans(trace, name, smoothing) }] : []);

/** As reported, where there is any. */
const only = (trace: RunTrace, name: StepColumn, line: Pick<ChartSeries, 'label' | 'role'>): ChartSeries[] =>
  has(trace, name) ? [{ ...line, points: steps(trace, name) }] : [];

/** A level over all steps shown. */
const level = (extent: readonly [number, number] | null, value: number, label: string): ChartSeries[] =>
  extent === null
    ? []
    : [
        {
          label,
          points: { x: Float64Array.from(extent), y: Float64Array.from([value, value]) },
          role: 'faint',
          dashed: true,
        },
      ];

/** The terms apart where they are known: only like may be compared with like, and with ln 2. */
export const lossSeries = (
  trace: RunTrace,
  other: Other | null,
  { lnTwo = false, smoothing = null }: { readonly lnTwo?: boolean; readonly smoothing?: Smoothing } = {},
): ChartSeries[] => [
  ...noisy(trace, has(trace, 'preferenceLoss') ? 'preferenceLoss' : 'loss', smoothing),
  ...term(trace, 'klLoss', smoothing, { label: 'λ·KL', role: 'good' }),
  ...term(trace, 'bonusLoss', smoothing, { label: 'bonus', role: 'muted' }),
  held(trace, 'loss', 'warn', 'held-out'),
  // like with like: a step's loss holds terms that another method's doesn't
  ...(other ? [held(other.trace, 'loss', 'muted', `${other.name}, held-out`, { dashed: true })] : []),
  ...(lnTwo ? level(stepExtent(trace, other), Math.LN2, 'ln 2, untrained') : []),
];

export const accuracySeries = (
  trace: RunTrace,
  posterior: boolean,
  other: Other | null,
  smoothing: Smoothing = null,
): ChartSeries[] => [
  held(trace, 'accuracy', 'accent', posterior ? 'prior' : 'held-out'),
  ...(posterior
    ? [
        held(trace, 'posteriorAccuracy', 'good', 'posterior'),
        held(trace, 'swappedAccuracy', 'bad', 'swapped', { dashed: true }),
      ]
    : []),
  ...(other ? [held(other.trace, 'accuracy', 'muted', other.name, { dashed: true })] : []),
  { label: 'training', points: stepMeans(trace, 'accuracy', smoothing), role: 'faint', pale: true },
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

export const klSeries = (trace: RunTrace, smoothing: Smoothing): ChartSeries[] => [
  ...noisy(trace, 'kl', smoothing),
  held(trace, 'kl', 'warn', 'held-out'),
];

export const rateSeries = (trace: RunTrace): ChartSeries[] => [
  { label: 'rate', points: steps(trace, 'learningRate'), role: 'accent' },
  ...(has(trace, 'headsLearningRate')
    ? [{ label: 'heads', points: steps(trace, 'headsLearningRate'), role: 'muted' as const, dashed: true }]
    : []),
];

export const lengthSeries = (trace: RunTrace, smoothing: Smoothing): ChartSeries[] => [
  ...noisy(trace, 'lengthCorrelation', smoothing),
  held(trace, 'lengthCorrelation', 'warn', 'held-out'),
];

export const paceSeries = (trace: RunTrace, smoothing: Smoothing): ChartSeries[] =>
  noisy(trace, 'tokensPerSecond', smoothing);

/** Empty for runs that were trained before memory was measured; a graphics card's own where the system told it. */
export const memorySeries = (trace: RunTrace): ChartSeries[] => [
  ...only(trace, 'memoryBytes', { label: 'training process', role: 'accent' }),
  ...only(trace, 'gpuMemoryBytes', { label: 'graphics card', role: 'good' }),
];

/** Empty on the processor, and where the system does not tell it. */
export const gpuLoadSeries = (trace: RunTrace): ChartSeries[] =>
  only(trace, 'gpuLoad', { label: 'busiest card', role: 'accent' });

export const gradientSeries = (trace: RunTrace, smoothing: Smoothing): ChartSeries[] =>
  noisy(trace, 'gradNorm', smoothing);

/** First and last step that any chart shows, so that all share one axis; null before the first step. */
export function stepExtent(trace: RunTrace, other: Other | null): readonly [number, number] | null {
  const last = Math.max(lastStepOf(trace), other ? lastStepOf(other.trace) : 0);
  return last > 0 ? [0, last] : null;
}

const lastStepOf = ({ lastStep, lastEvaluation }: RunTrace): number =>
  Math.max(lastStep?.step ?? 0, lastEvaluation?.step ?? 0);
