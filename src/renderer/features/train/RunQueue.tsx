import { ActionIcon, Button } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { RunQueueState } from '#shared/runQueue.ts';
import { api, client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { notifyFailure } from '../../components/notify.tsx';
import { plural } from '../../format.ts';
import { configLine } from './runWords.ts';
import css from './train.module.css';

const POLL_MS = 2_000;
const HELD: Readonly<Record<NonNullable<RunQueueState['held']>, string>> = {
  opened: 'They wait: the project was closed with them.',
  paused: 'They wait: a run was paused.',
};

/** Runs that wait for the one that trains, in their order; nothing where none does. */
export function RunQueue() {
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(
    api.runQueue.list.queryOptions({
      refetchInterval: ({ state }) => (state.data && state.data.runs.length > 0 ? POLL_MS : false),
    }),
  );
  const waiting = data?.runs.map(({ id }) => id).join(' ');
  // One that left the queue by itself is among the runs now.
  useEffect(() => {
    if (waiting !== undefined) void queries.invalidateQueries({ queryKey: api.runs.list.key() });
  }, [queries, waiting]);
  const change = useMutation({
    mutationFn: (work: () => Promise<RunQueueState>) => work(),
    onSuccess: (state) => queries.setQueryData(api.runQueue.list.queryKey(), state),
    onError: (failed) => {
      notifyFailure(failureOf(failed));
      void refetch();
    },
  });
  if (error) return <ErrorCard error={error} onRetry={() => void refetch()} />;
  if (!data || data.runs.length === 0) return null;
  const { runs, held } = data;
  return (
    <section className={css.queue} aria-label="Queue of runs">
      <div className="row">
        <h2 className="label">Queue</h2>
        <span className="small muted num">{plural(runs.length, 'run')}</span>
        <span className="grow" />
        {(held !== null || runs.some(({ failure }) => failure !== null)) && (
          <Button
            size="compact-xs"
            loading={change.isPending}
            onClick={() => change.mutate(() => client.runQueue.goOn())}
          >
            Go on
          </Button>
        )}
      </div>
      {held !== null && <p className="small muted">{HELD[held]}</p>}
      <ol className={css.queued}>
        {runs.map(({ id, name, config, failure, sweepId }, place) => {
          // The rest of a sweep stands in one line, at its next run.
          if (sweepId !== undefined && runs.findIndex((run) => run.sweepId === sweepId) !== place)
            return null;
          const more = sweepId === undefined ? 0 : runs.filter((run) => run.sweepId === sweepId).length - 1;
          const label = name ?? `Run ${place + 1} of the queue`;
          const move = (to: number) => change.mutate(() => client.runQueue.move({ id, to }));
          return (
            <li key={id} aria-label={label}>
              <span className="stack" style={{ gap: 0, minWidth: 0 }}>
                <span className="small ellipsis">{label}</span>
                <span className="small muted ellipsis" title={configLine(config)}>
                  {configLine(config)}
                </span>
                {more > 0 && <span className="small muted">and {plural(more, 'more run')} of its sweep</span>}
                {failure !== null && <span className={`small ${css.bad}`}>{failure.message}</span>}
              </span>
              <span className="row" style={{ gap: 2 }}>
                <ActionIcon
                  variant="subtle"
                  size="sm"
                  aria-label={`Earlier: ${label}`}
                  disabled={place === 0 || change.isPending}
                  onClick={() => move(place - 1)}
                >
                  <IconArrowUp size={14} />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  size="sm"
                  aria-label={`Later: ${label}`}
                  disabled={place === runs.length - 1 || change.isPending}
                  onClick={() => move(place + 1)}
                >
                  <IconArrowDown size={14} />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  size="sm"
                  aria-label={`Take off the queue: ${label}`}
                  disabled={change.isPending}
                  onClick={() => change.mutate(() => client.runQueue.remove({ id }))}
                >
                  <IconX size={14} />
                </ActionIcon>
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
