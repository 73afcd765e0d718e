import { useMemo } from 'react';
import type { Run } from '#shared/entities.ts';
import { ErrorCard, FailureCard } from '../../components/FailureCard.tsx';
import { HeldOutPairs } from './HeldOutPairs.tsx';
import { PhaseCard } from './PhaseCard.tsx';
import { RunCharts } from './RunCharts.tsx';
import { RunComparison } from './RunComparison.tsx';
import { RunDoctor } from './RunDoctor.tsx';
import { RunLeakage } from './RunLeakage.tsx';
import { RunAlerts, RunNotes } from './RunNotices.tsx';
import { RunTiles } from './RunTiles.tsx';
import { RunTools } from './RunTools.tsx';
import { isActive } from './runWords.ts';
import css from './train.module.css';
import type { RunActions } from './useRunActions.ts';
import { useRunFrames } from './useRunFrames.ts';

interface Props {
  readonly run: Run;
  readonly runs: readonly Run[];
  readonly compared: Run | null;
  readonly actions: RunActions;
}

/** One run, live or past, with another one beside it where asked. */
export function RunView({ run, runs, compared, actions }: Props) {
  const { trace, version, ended, failure } = useRunFrames(run.id, isActive(run));
  const others = useRunFrames(compared?.id ?? null, compared !== null && isActive(compared));
  const other = useMemo(
    () => (compared ? { name: compared.name, trace: others.trace, version: others.version } : null),
    [compared, others],
  );
  const active = isActive(run);
  // between steps a phase is reported in the time's tile: a card that comes and goes would move the charts
  const between = trace.lastStep !== null && trace.lastStep.step < trace.lastStep.totalSteps;
  const preparing = active && !ended && (run.state !== 'running' || !between);
  return (
    <div className={css.view}>
      <ErrorCard error={actions.error} />
      {failure && <FailureCard failure={failure} />}
      <RunAlerts run={run} trace={trace} actions={actions} />
      {preparing && <PhaseCard phase={trace.phase} />}
      <div className={css.tiles}>
        <RunTiles run={run} trace={trace} />
      </div>
      <RunTools run={run} runs={runs} compared={compared} />
      {compared && !active && !isActive(compared) && <RunComparison run={run} other={compared} />}
      <RunDoctor run={run} trace={trace} />
      <RunLeakage key={`leakage ${run.id}`} run={run} />
      {!active && run.checkpoints.length > 0 && <HeldOutPairs key={`held out ${run.id}`} run={run} />}
      <RunCharts key={run.id} run={run} trace={trace} version={version} other={other} />
      <RunNotes run={run} trace={trace} />
    </div>
  );
}
