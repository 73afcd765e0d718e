import { type ReactNode, useMemo, useState } from 'react';
import { codesOf, hasPosterior } from '#core/methods.ts';
import type { Run } from '#shared/entities.ts';
import type { AxisRange } from '../../charts/chartOptions.ts';
import { LineChart, type LineChartProps } from '../../charts/LineChart.tsx';
import type { StepRange } from '../../charts/stepRange.ts';
import { Chip } from '../../components/Chip.tsx';
import { capitalised, formatBytes, formatCount, plural } from '../../format.ts';
import { ChartsBar } from './ChartsBar.tsx';
import {
  accuracySeries,
  codeSeries,
  gpuLoadSeries,
  gradientSeries,
  klSeries,
  lengthSeries,
  lossSeries,
  meanWindow,
  memorySeries,
  type Other,
  paceSeries,
  rateSeries,
  reportedStep,
  reportedWords,
  rewardSeries,
  type Smoothing,
  stepExtent,
} from './runSeries.ts';
import type { RunTrace } from './runTrace.ts';
import { isActive } from './runWords.ts';
import { StepPairs } from './StepPairs.tsx';
import css from './train.module.css';

interface Props {
  readonly run: Run;
  readonly trace: RunTrace;
  /** Grows whenever the trace has taken frames in. */
  readonly version: number;
  readonly other: (Other & { readonly version: number }) | null;
}

const FROM_ZERO = { least: 0 };
const SHARE = { least: 0, most: 1 };
const CORRELATION = { least: -0.5, most: 0.5 };

export function RunCharts({ run, trace, version, other }: Props) {
  const [range, setRange] = useState<StepRange | null>(null);
  const [step, setStep] = useState<number | null>(null);
  const [opened, setOpened] = useState<number | null>(null);
  const [smoothing, setSmoothing] = useState<Smoothing>(null);
  const [logged, setLogged] = useState<readonly string[]>([]);
  const codes = codesOf(run.config);
  const posterior = hasPosterior(run.config);
  // Of the objectives, DPO’s loss alone is known before the first step.
  const lnTwo = run.config.objective === 'dpo';
  const otherVersion = other?.version ?? 0;
  // the traces are filled in place: their versions say when to read them again
  const lines = useMemo(
    () => ({
      drawn: [version, otherVersion],
      loss: lossSeries(trace, other, { lnTwo, smoothing }),
      accuracy: accuracySeries(trace, posterior, other, smoothing),
      rewards: rewardSeries(trace),
      codes: codeSeries(trace),
      kl: klSeries(trace, smoothing),
      gradient: gradientSeries(trace, smoothing),
      rates: rateSeries(trace),
      length: lengthSeries(trace, smoothing),
      pace: paceSeries(trace, smoothing),
      memory: memorySeries(trace),
      gpuLoad: gpuLoadSeries(trace),
      extent: stepExtent(trace, other),
    }),
    [trace, version, other, otherVersion, posterior, lnTwo, smoothing],
  );
  const held = trace.lastEvaluation;
  const heldOut = held ? `${plural(held.pairs, 'held-out pair')}` : 'held-out pairs';
  const reported = `${reportedWords(trace)}: ${trace.lastStep ? `about ${plural(trace.lastStep.pairs, 'pair')}` : 'its pairs'}`;
  const soon = isActive(run) ? 'Waiting for the first step.' : 'This run reported no step.';
  const evaluated = isActive(run) ? 'Waiting for the first evaluation.' : 'This run was never evaluated.';
  const onOpen = (at: number) => setOpened(reportedStep(trace, at));
  const shared = { range, extent: lines.extent, onRange: setRange, step, onStep: setStep, onOpen };
  const chart = ({ note, ...props }: Omit<LineChartProps, keyof typeof shared>): ReactNode => (
    <LineChart
      {...shared}
      {...props}
      note={props.left?.log ? `${note}. Logarithmic: 0 and below lie beneath the picture` : note}
    />
  );
  /** Its left axis, and the button beside its title that makes it logarithmic. */
  const scaled = (title: string, left: AxisRange = {}) => {
    const log = logged.includes(title);
    const turned = log ? logged.filter((other) => other !== title) : [...logged, title];
    return {
      left: log ? { log } : left,
      controls: (
        <Chip
          tone={log ? 'accent' : 'plain'}
          pressed={log}
          title="Logarithmic scale"
          onClick={() => setLogged(turned)}
        >
          log
        </Chip>
      ),
    };
  };
  return (
    <>
      <ChartsBar
        smoothing={smoothing}
        automatic={meanWindow(trace)}
        onSmoothing={setSmoothing}
        range={range}
        onWhole={() => setRange(null)}
      />
      <StepPairs run={run} step={opened} onClose={() => setOpened(null)} />
      <div className={css.charts}>
        {chart({
          title: 'Loss',
          series: lines.loss,
          ...scaled('Loss'),
          note: `By step. ${capitalised(reported)}, the preference loss; held-out: ${heldOut}, the same${lnTwo ? '. ln 2: a policy that prefers neither reply' : ''}`,
          empty: soon,
        })}
        {chart({
          title: 'Accuracy',
          series: lines.accuracy,
          left: SHARE,
          note: `By step, of ${heldOut}; ${posterior ? 'swapped: the posterior given pairs the wrong way round; ' : ''}training: a step’s own pairs, mean of ${formatCount(meanWindow(trace, smoothing))} reported steps`,
          empty: evaluated,
        })}
        {chart({
          title: 'Rewards',
          series: lines.rewards,
          note: `By step, mean of ${heldOut}${posterior ? ', under the prior' : ''}`,
          empty: evaluated,
        })}
        {codes !== null &&
          chart({
            title: 'Codes in use',
            series: lines.codes,
            left: { least: 1, most: codes },
            right: SHARE,
            note: `By step, of ${codes} codes, over the prompts of ${heldOut}`,
            empty: evaluated,
          })}
        {posterior &&
          chart({
            title: 'KL(q‖p)',
            series: lines.kl,
            ...scaled('KL', FROM_ZERO),
            note: `By step, nats. ${capitalised(reported)}; held-out: ${heldOut}`,
            empty: soon,
          })}
        {chart({
          title: 'Gradient norm',
          series: lines.gradient,
          ...scaled('Gradient norm', FROM_ZERO),
          note: `By step, ${reportedWords(trace)}, ${run.config.clipNorm > 0 ? `before clipping at ${run.config.clipNorm}` : 'never clipped'}`,
          empty: soon,
        })}
        {chart({
          title: 'Length correlation',
          series: lines.length,
          left: CORRELATION,
          note: `By step, r of margin and length of chosen less rejected. ${capitalised(reported)}; held-out: ${heldOut}. Far from 0, length is what is learnt`,
          empty: soon,
        })}
        {chart({
          title: 'Learning rate',
          series: lines.rates,
          ...scaled('Learning rate', FROM_ZERO),
          note: `By step, ${reportedWords(trace)}`,
          empty: soon,
        })}
        {chart({
          title: 'Tokens per second',
          series: lines.pace,
          left: FROM_ZERO,
          note: `By step, ${reportedWords(trace)}, tokens of prompts and both replies`,
          empty: soon,
        })}
        {lines.memory.length > 0 &&
          chart({
            title: 'Memory',
            series: lines.memory,
            left: FROM_ZERO,
            format: formatBytes,
            note: `By step, ${reportedWords(trace)}, what the training process holds of main memory; graphics card: all that is in use on it, by any program, where the system tells it`,
            empty: soon,
          })}
        {lines.gpuLoad.length > 0 &&
          chart({
            title: 'Graphics load',
            series: lines.gpuLoad,
            left: SHARE,
            note: `By step, ${reportedWords(trace)}, read every two seconds: the share of time in which the busiest card had work, of any program`,
            empty: soon,
          })}
      </div>
    </>
  );
}
