import { Button } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { codesOf, hasPosterior } from '#core/methods.ts';
import type { Run } from '#shared/entities.ts';
import { LineChart, type LineChartProps, type StepRange } from '../../charts/LineChart.tsx';
import { Chip } from '../../components/Chip.tsx';
import { capitalised, formatBytes, formatCount, plural } from '../../format.ts';
import {
  accuracySeries,
  codeSeries,
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
  const [logLoss, setLogLoss] = useState(false);
  const codes = codesOf(run.config);
  const posterior = hasPosterior(run.config);
  // Of the objectives, DPO’s loss alone is known before the first step.
  const lnTwo = run.config.objective === 'dpo';
  const otherVersion = other?.version ?? 0;
  // the traces are filled in place: their versions say when to read them again
  const lines = useMemo(
    () => ({
      drawn: [version, otherVersion],
      loss: lossSeries(trace, other, { lnTwo }),
      accuracy: accuracySeries(trace, posterior, other),
      rewards: rewardSeries(trace),
      codes: codeSeries(trace),
      kl: klSeries(trace),
      gradient: gradientSeries(trace),
      rates: rateSeries(trace),
      length: lengthSeries(trace),
      pace: paceSeries(trace),
      memory: memorySeries(trace),
      extent: stepExtent(trace, other),
    }),
    [trace, version, other, otherVersion, posterior, lnTwo],
  );
  const held = trace.lastEvaluation;
  const heldOut = held ? `${plural(held.pairs, 'held-out pair')}` : 'held-out pairs';
  const reported = `${reportedWords(trace)}: ${trace.lastStep ? `about ${plural(trace.lastStep.pairs, 'pair')}` : 'its pairs'}`;
  const soon = isActive(run) ? 'Waiting for the first step.' : 'This run reported no step.';
  const evaluated = isActive(run) ? 'Waiting for the first evaluation.' : 'This run was never evaluated.';
  const onOpen = (at: number) => setOpened(reportedStep(trace, at));
  const shared = { range, extent: lines.extent, onRange: setRange, step, onStep: setStep, onOpen };
  const chart = (props: Omit<LineChartProps, keyof typeof shared>): ReactNode => (
    <LineChart {...shared} {...props} />
  );
  return (
    <>
      {range && (
        <div className={css.toolbar}>
          <span className="small muted num">
            Steps {formatCount(Math.round(range[0]))} to {formatCount(Math.round(range[1]))}
          </span>
          <Button size="xs" onClick={() => setRange(null)}>
            Whole run
          </Button>
        </div>
      )}
      <StepPairs run={run} step={opened} onClose={() => setOpened(null)} />
      <div className={css.charts}>
        {chart({
          title: 'Loss',
          series: lines.loss,
          left: { log: logLoss },
          controls: (
            <Chip
              tone={logLoss ? 'accent' : 'plain'}
              pressed={logLoss}
              title="Logarithmic scale"
              onClick={() => setLogLoss(!logLoss)}
            >
              log
            </Chip>
          ),
          note: `By step. ${capitalised(reported)}, the preference loss; held-out: ${heldOut}, the same${lnTwo ? '. ln 2: a policy that prefers neither reply' : ''}${logLoss ? '. Logarithmic: 0 and below lie beneath the picture' : ''}`,
          empty: soon,
        })}
        {chart({
          title: 'Accuracy',
          series: lines.accuracy,
          left: SHARE,
          note: `By step, of ${heldOut}; ${posterior ? 'swapped: the posterior given pairs the wrong way round; ' : ''}training: a step’s own pairs, mean of ${meanWindow(trace)} reported steps`,
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
            left: FROM_ZERO,
            note: `By step, nats. ${capitalised(reported)}; held-out: ${heldOut}`,
            empty: soon,
          })}
        {chart({
          title: 'Gradient norm',
          series: lines.gradient,
          left: FROM_ZERO,
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
          left: FROM_ZERO,
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
            note: `By step, ${reportedWords(trace)}, what the training process holds of main memory; a GPU’s own is not in it`,
            empty: soon,
          })}
      </div>
    </>
  );
}
