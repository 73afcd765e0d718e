import { IconChartLine } from '@tabler/icons-react';
import { useMemo, useRef } from 'react';
import type { Run } from '#shared/entities.ts';
import type { Sweep } from '#shared/sweepContract.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Loading } from '../../components/Loading.tsx';
import { useScreenKeys } from '../../components/useScreenKeys.ts';
import { useScreenCommands } from '../../state/commands.ts';
import { navigate, useScreen } from '../../state/screen.ts';
import { TakeResult } from './elsewhere/TakeResult.tsx';
import { isFieldName } from './form/draft.ts';
import { NewRun } from './form/NewRun.tsx';
import { RunBar } from './RunBar.tsx';
import { RunList } from './RunList.tsx';
import { RunQueue } from './RunQueue.tsx';
import { RunView } from './RunView.tsx';
import { DeletedNotice } from './RunWords.tsx';
import { isActive } from './runWords.ts';
import { SweepBar } from './sweep/SweepBar.tsx';
import { SweepList } from './sweep/SweepList.tsx';
import { SweepView } from './sweep/SweepView.tsx';
import { useSweepActions, useSweeps } from './sweep/useSweeps.ts';
import css from './train.module.css';
import { useRunActions } from './useRunActions.ts';
import { useRuns } from './useRuns.ts';

const newRun = () => navigate('train', { new: 'form' });
/** A setting that a link wants changed: `?set=tokenBudget&to=512`. */
const suggestedBy = ({ set, to }: Readonly<Record<string, string | undefined>>) =>
  set !== undefined && to !== undefined && isFieldName(set) ? { field: set, text: to } : null;

/** The sweep that the address names; where it names nothing, the newest if its runs are the newest. */
function chosenSweep(
  sweeps: readonly Sweep[],
  params: Readonly<Record<string, string | undefined>>,
  newest: Run | null,
): Sweep | null {
  if (params.sweep !== undefined) return sweeps.find(({ id }) => String(id) === params.sweep) ?? null;
  if (params.run !== undefined) return null;
  const [first] = sweeps;
  return first && (newest === null || first.runIds.includes(newest.id)) ? first : null;
}

/** Runs at the left, the selected one beside them; `?new` opens the form instead. */
export function TrainScreen() {
  const { params } = useScreen();
  const { data: runs, error, refetch } = useRuns();
  const byId = (id: string | undefined) => runs?.find((run) => String(run.id) === id) ?? null;
  const run = byId(params.run) ?? runs?.[0] ?? null;
  const sweeps = useSweeps(runs?.some(isActive) ?? false).data ?? [];
  const sweepActions = useSweepActions();
  const sweep = chosenSweep(sweeps, params, run);
  const grouped = new Set(sweeps.flatMap(({ runIds }) => runIds));
  const group = sweeps.find(({ runIds }) => run !== null && runIds.includes(run.id));
  const actions = useRunActions(run, runs ?? []);
  const pauseOrResume = run !== null && isActive(run) ? actions.pause : () => actions.resume();
  useScreenKeys({ n: newRun, ...(sweep === null ? { p: pauseOrResume } : {}) }, params.new === undefined);
  const latest = useRef(pauseOrResume);
  latest.current = pauseOrResume;
  useScreenCommands(
    useMemo(
      () => [
        { id: 'new-run', label: 'New run', keyName: 'N', run: newRun },
        { id: 'pause-run', label: 'Pause or resume this run', keyName: 'P', run: () => latest.current() },
      ],
      [],
    ),
  );
  if (error) return <ErrorCard error={error} onRetry={() => void refetch()} />;
  if (!runs) return <Loading label="Reading the runs…" />;
  if (params.new !== undefined)
    return <NewRun from={byId(params.from)} suggested={suggestedBy(params)} runs={runs} />;
  if (!run && sweeps.length === 0)
    return (
      <EmptyState
        icon={<IconChartLine size={22} />}
        title="No run yet"
        actions={
          <>
            <TakeResult />
            <KeyButton variant="filled" keyName="N" onClick={newRun}>
              New run
            </KeyButton>
          </>
        }
      >
        A run trains a model on your labelled pairs and reports loss, accuracy on held-out pairs and the codes
        it found while it works.
        <DeletedNotice />
      </EmptyState>
    );
  const compared = byId(params.compare);
  return (
    <div className={css.screen}>
      {sweep !== null ? (
        <SweepBar sweep={sweep} runs={runs} actions={sweepActions} onNew={newRun} />
      ) : (
        run && <RunBar run={run} actions={actions} onNew={newRun} />
      )}
      <DeletedNotice />
      <div className={css.body}>
        <div className={css.left}>
          <RunQueue />
          <SweepList sweeps={sweeps} selectedId={sweep?.id ?? group?.id ?? null} />
          <RunList
            runs={runs.filter(({ id }) => !grouped.has(id) || (id === run?.id && sweep === null))}
            selectedId={sweep === null ? (run?.id ?? null) : null}
            onSelect={(runId) => navigate('train', { run: String(runId) })}
          />
        </div>
        {sweep !== null ? (
          <SweepView key={`sweep ${sweep.id}`} id={sweep.id} runs={runs} actionError={sweepActions.error} />
        ) : (
          run && (
            <RunView
              key={run.id}
              run={run}
              runs={runs}
              compared={compared?.id === run.id ? null : compared}
              actions={actions}
            />
          )
        )}
      </div>
    </div>
  );
}
