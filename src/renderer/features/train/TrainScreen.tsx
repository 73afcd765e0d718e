import { IconChartLine } from '@tabler/icons-react';
import { useMemo, useRef } from 'react';
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
import css from './train.module.css';
import { useRunActions } from './useRunActions.ts';
import { useRuns } from './useRuns.ts';

const newRun = () => navigate('train', { new: 'form' });
/** A setting that a link wants changed: `?set=tokenBudget&to=512`. */
const suggestedBy = ({ set, to }: Readonly<Record<string, string | undefined>>) =>
  set !== undefined && to !== undefined && isFieldName(set) ? { field: set, text: to } : null;

/** Runs at the left, the selected one beside them; `?new` opens the form instead. */
export function TrainScreen() {
  const { params } = useScreen();
  const { data: runs, error, refetch } = useRuns();
  const byId = (id: string | undefined) => runs?.find((run) => String(run.id) === id) ?? null;
  const run = byId(params.run) ?? runs?.[0] ?? null;
  const actions = useRunActions(run, runs ?? []);
  const pauseOrResume = run !== null && isActive(run) ? actions.pause : actions.resume;
  useScreenKeys({ n: newRun, p: pauseOrResume }, params.new === undefined);
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
  if (!run)
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
      <RunBar run={run} actions={actions} onNew={newRun} />
      <DeletedNotice />
      <div className={css.body}>
        <div className={css.left}>
          <RunQueue />
          <RunList
            runs={runs}
            selectedId={run.id}
            onSelect={(runId) => navigate('train', { run: String(runId) })}
          />
        </div>
        <RunView
          key={run.id}
          run={run}
          runs={runs}
          compared={compared?.id === run.id ? null : compared}
          actionError={actions.error}
        />
      </div>
    </div>
  );
}
