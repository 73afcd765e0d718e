import { accuracyName, hasPosterior } from '#core/methods.ts';
import type { Run } from '#shared/entities.ts';
import { formatCompact } from '../../charts/compactNumber.ts';
import { StatTile } from '../../components/StatTile.tsx';
import { capitalised, formatBytes, formatCount, formatFigure, plural } from '../../format.ts';
import type { RunTrace } from './runTrace.ts';
import { isActive, PHASE_WORDS, runDurationMs, timeWords } from './runWords.ts';

interface Props {
  readonly run: Run;
  readonly trace: RunTrace;
}

/** The run's figures, each with what it was measured on. */
export function RunTiles({ run, trace }: Props) {
  const { lastEvaluation: held, lastStep } = trace;
  return (
    <>
      <StatTile
        label={capitalised(accuracyName(run.config))}
        value={formatFigure(held?.accuracy)}
        note={accuracyNote(run, trace)}
      />
      <StatTile
        label="Margin"
        value={formatCompact(held?.margin)}
        note={
          held
            ? `mean of ${plural(held.pairs, 'held-out pair')}, spread ${formatCompact(held.marginStd)}`
            : 'held-out pairs, not yet evaluated'
        }
      />
      {hasPosterior(run.config) ? (
        <StatTile
          label="KL(q‖p)"
          value={formatCompact(held?.kl ?? lastStep?.kl)}
          note={`nats, ${held ? 'held-out' : 'training'} pairs${lastStep ? ` · g ${formatFigure(lastStep.g, 2)}` : ''}`}
        />
      ) : (
        <StatTile
          label="Loss"
          value={formatCompact(held?.loss ?? lastStep?.loss)}
          note={`${held ? 'held-out' : 'training'} pairs · ${run.config.latent === null ? 'a plain run has no latent' : 'no posterior'}, so no KL`}
        />
      )}
      <TimeTile run={run} trace={trace} />
    </>
  );
}

function TimeTile({ run, trace }: { readonly run: Run; readonly trace: RunTrace }) {
  const { lastStep } = trace;
  const steps = `step ${formatCount(lastStep?.step ?? run.step)} of ${formatCount(lastStep?.totalSteps ?? run.config.steps)}`;
  const rate = lastStep ? ` · ${formatCount(Math.round(lastStep.tokensPerSecond))} tok/s` : '';
  const memory = isActive(run) && lastStep?.memoryBytes ? ` · ${formatBytes(lastStep.memoryBytes)}` : '';
  const load = isActive(run) ? lastStep?.gpuLoad : undefined;
  const graphics = load === undefined ? '' : ` · card at ${formatCount(Math.round(100 * load))} %`;
  return isActive(run) ? (
    <StatTile
      label="Time left"
      value={timeWords(lastStep?.timeLeftMs)}
      note={phaseNote(trace) ?? steps + rate + memory + graphics}
    />
  ) : (
    <StatTile label="Time taken" value={timeWords(runDurationMs(run))} note={steps + rate} />
  );
}

/** What holds the steps up at the moment. */
function phaseNote({ phase, lastStep }: RunTrace): string | null {
  if (!phase || !lastStep || phase.phase === 'train') return null;
  const counted = phase.total > 1 ? ` ${formatCount(phase.done)} of ${formatCount(phase.total)}` : '';
  return `step ${formatCount(lastStep.step)} · ${PHASE_WORDS[phase.phase].toLowerCase()}${counted}`;
}

function accuracyNote({ config }: Run, { lastEvaluation: held }: RunTrace) {
  if (!held)
    return config.evaluateEvery > 0
      ? `first evaluation at step ${formatCount(Math.min(config.evaluateEvery, config.steps))}`
      : 'evaluated at the end';
  const { accuracyLow: low, accuracyHigh: high } = held;
  const measured = plural(held.pairs, 'held-out pair');
  // Runs from before the interval was measured have none.
  return low === null || high === null
    ? measured
    : `${measured}, 95 % ${formatFigure(low)}…${formatFigure(high)} over prompts`;
}
