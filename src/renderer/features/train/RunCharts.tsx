import { Button } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { codesOf, hasPosterior } from '#core/methods.ts';
import type { Run } from '#shared/entities.ts';
import { LineChart, type LineChartProps, type StepRange } from '../../charts/LineChart.tsx';
import { capitalised, formatCount, plural } from '../../format.ts';
import {
  accuracySeries,
  codeSeries,
  gradientSeries,
  klSeries,
  lossSeries,
  meanWindow,
  type Other,
  reportedWords,
  rewardSeries,
  stepExtent,
} from './runSeries.ts';
import type { RunTrace } from './runTrace.ts';
import { isActive } from './runWords.ts';
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

export function RunCharts({ run, trace, version, other }: Props) {
  const [range, setRange] = useState<StepRange | null>(null);
  const codes = codesOf(run.config);
  const posterior = hasPosterior(run.config);
  const otherVersion = other?.version ?? 0;
  // the traces are filled in place: their versions say when to read them again
  const lines = useMemo(
    () => ({
      drawn: [version, otherVersion],
      loss: lossSeries(trace, other),
      accuracy: accuracySeries(trace, posterior, other),
      rewards: rewardSeries(trace),
      codes: codeSeries(trace),
      kl: klSeries(trace),
      gradient: gradientSeries(trace),
      extent: stepExtent(trace, other),
    }),
    [trace, version, other, otherVersion, posterior],
  );
  const held = trace.lastEvaluation;
  const heldOut = held ? `${plural(held.pairs, 'held-out pair')}` : 'held-out pairs';
  const step = `${reportedWords(trace)}: ${trace.lastStep ? `about ${plural(trace.lastStep.pairs, 'pair')}` : 'its pairs'}`;
  const soon = isActive(run) ? 'Waiting for the first step.' : 'This run reported no step.';
  const evaluated = isActive(run) ? 'Waiting for the first evaluation.' : 'This run was never evaluated.';
  const shared = { range, extent: lines.extent, onRange: setRange };
  const chart = (props: Omit<LineChartProps, 'range' | 'extent' | 'onRange'>): ReactNode => (
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
      <div className={css.charts}>
        {chart({
          title: 'Loss',
          series: lines.loss,
          note: `By step. ${capitalised(step)}${lossWords(run.config)}; held-out: ${heldOut}${posterior ? ', preference loss alone' : ''}`,
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
            note: `By step, nats. ${capitalised(step)}; held-out: ${heldOut}`,
            empty: soon,
          })}
        {chart({
          title: 'Gradient norm',
          series: lines.gradient,
          left: FROM_ZERO,
          note: `By step, ${reportedWords(trace)}, ${run.config.clipNorm > 0 ? `before clipping at ${run.config.clipNorm}` : 'never clipped'}`,
          empty: soon,
        })}
      </div>
    </>
  );
}

/** What a step's loss holds beyond the preference loss. */
function lossWords(config: Run['config']): string {
  if (!hasPosterior(config)) return '';
  return codesOf(config) !== null && (config.latent?.batchEntropyBonus ?? 0) > 0
    ? ', λ·KL and the entropy bonus included'
    : ', λ·KL included';
}
