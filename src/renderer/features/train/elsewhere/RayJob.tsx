import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ElsewhereJob, RayStatus } from '#shared/jobContract.ts';
import { api } from '../../../api/client.ts';
import { ErrorCard } from '../../../components/FailureCard.tsx';
import css from './elsewhere.module.css';

const LOOK_EVERY_MS = 3000;

const STATES: Readonly<Record<RayStatus['state'], string>> = {
  PENDING: 'waiting to start',
  RUNNING: 'running',
  STOPPED: 'stopped',
  SUCCEEDED: 'finished',
  FAILED: 'failed',
};

const isOver = ({ state }: RayStatus): boolean => state !== 'PENDING' && state !== 'RUNNING';

interface Props {
  readonly job: ElsewhereJob;
  /** Offered once the job is over. */
  readonly onAgain?: () => void;
}

/** What a Ray cluster says of a job that was sent there, looked at again and again while it runs. */
export function RayJob({ job, onAgain }: Props) {
  const { id, ray } = job;
  const status = useQuery(
    api.jobs.rayStatus.queryOptions({
      input: { id },
      refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : LOOK_EVERY_MS),
      retry: false,
    }),
  );
  const stop = useMutation(api.jobs.rayStop.mutationOptions({ onSuccess: () => status.refetch() }));
  if (ray === null) return null;
  const said = status.data;
  return (
    <div className="stack" style={{ gap: 'var(--s2)' }}>
      <div className="row">
        <span role="status">
          {said === undefined ? 'Asking the cluster…' : `On Ray: ${STATES[said.state]}`}{' '}
          <span className="mono small muted">{ray.submissionId}</span>
        </span>
        <span className="grow" />
        {said !== undefined && !isOver(said) && (
          <Button color="red" loading={stop.isPending} onClick={() => stop.mutate({ id })}>
            Stop
          </Button>
        )}
        {said !== undefined && isOver(said) && onAgain !== undefined && (
          <Button onClick={onAgain}>Send again…</Button>
        )}
      </div>
      <span className="small muted">
        {ray.address} · result in <span className="mono">{ray.out}</span>
      </span>
      {said?.state === 'FAILED' && said.message !== null && (
        <p className="small" style={{ margin: 0, overflowWrap: 'anywhere' }}>
          {said.message}
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long log is scrolled by keys */}
      <pre role="log" className={`mono small ${css.log}`} tabIndex={0} aria-label="Last lines of the log">
        <span>{said?.log ?? ''}</span>
      </pre>
      <ErrorCard error={stop.error ?? status.error} />
    </div>
  );
}
