import { IconChartLine } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Loading } from '../../components/Loading.tsx';
import { useScreenKeys } from '../../components/useScreenKeys.ts';
import { navigate, useScreen } from '../../state/screen.ts';
import { NewRun } from './form/NewRun.tsx';
import { RunBar } from './RunBar.tsx';
import { RunList } from './RunList.tsx';
import { RunView } from './RunView.tsx';
import styles from './train.module.css';
import { useRuns } from './useRuns.ts';

const newRun = () => navigate('train', { new: 'form' });

/** Runs at the left, the selected one beside them; `?new` opens the form instead. */
export function TrainScreen() {
  const { params } = useScreen();
  const queries = useQueryClient();
  const { data: runs, error, refetch } = useRuns();
  const stop = useMutation(
    api.runs.stop.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: api.runs.list.key() }),
    }),
  );
  useScreenKeys({ n: newRun }, params.new === undefined);
  if (error) return <ErrorCard error={error} onRetry={() => void refetch()} />;
  if (!runs) return <Loading label="Reading the runs…" />;
  const byId = (id: string | undefined) => runs.find((run) => String(run.id) === id) ?? null;
  if (params.new !== undefined) return <NewRun from={byId(params.from)} runs={runs} />;
  const run = byId(params.run) ?? runs[0];
  if (!run)
    return (
      <EmptyState
        icon={<IconChartLine size={22} />}
        title="No run yet"
        actions={
          <KeyButton variant="filled" keyName="N" onClick={newRun}>
            New run
          </KeyButton>
        }
      >
        A run trains a model on your labelled pairs and reports loss, accuracy on held-out pairs and the codes
        it found while it works.
      </EmptyState>
    );
  const compared = byId(params.compare);
  return (
    <div className={styles.screen}>
      <RunBar
        run={run}
        stopping={stop.isPending}
        onStop={() => stop.mutate({ runId: run.id })}
        onNew={newRun}
      />
      <div className={styles.body}>
        <RunList
          runs={runs}
          selectedId={run.id}
          onSelect={(runId) => navigate('train', { run: String(runId) })}
        />
        <RunView
          key={run.id}
          run={run}
          runs={runs}
          compared={compared?.id === run.id ? null : compared}
          stopError={stop.error}
        />
      </div>
    </div>
  );
}
