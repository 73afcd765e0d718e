import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { UnsavedVerdict } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { queryClient } from '../../api/queryClient.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { formatMoment, plural } from '../../format.ts';
import css from './annotate.module.css';
import { onTheirWay, reloadQueue, useAnnotation } from './annotationStore.ts';
import { decisionLabel, promptStart } from './stepWords.ts';

/** Verdicts that could not be saved when they were given, offered again. */
export function UnsavedVerdicts() {
  const unsaved = useQuery(api.annotate.unsaved.queryOptions());
  useAnnotation();
  const sending = onTheirWay();
  const offered = (unsaved.data ?? []).filter(({ requestId }) => !sending.has(requestId));
  const requestIds = offered.map(({ requestId }) => requestId);
  const settled = {
    // Also after an error: what could be saved is.
    onSettled: async () => {
      await queryClient.invalidateQueries({ queryKey: api.annotate.unsaved.queryKey() });
      await queryClient.invalidateQueries({ queryKey: api.library.key() });
      await reloadQueue();
    },
  };
  const restore = useMutation(api.annotate.restore.mutationOptions(settled));
  const discard = useMutation(api.annotate.discard.mutationOptions(settled));
  if (unsaved.error !== null) {
    return <ErrorCard error={unsaved.error} onRetry={() => void unsaved.refetch()} />;
  }
  if (offered.length === 0) return null;
  return (
    <section
      className="card stack"
      style={{ padding: 'var(--s4)' }}
      aria-label="Verdicts that were not saved"
    >
      <b>{`${plural(offered.length, 'verdict')} of yours could not be saved when given.`}</b>
      <ul className={css.list}>
        {offered.map((verdict) => (
          <li key={verdict.requestId} title={formatMoment(verdict.at)}>
            <Offer verdict={verdict} />
          </li>
        ))}
      </ul>
      <div className="row">
        <Button
          variant="filled"
          loading={restore.isPending}
          disabled={discard.isPending}
          onClick={() => restore.mutate({ requestIds })}
        >
          Save now
        </Button>
        <Button
          loading={discard.isPending}
          disabled={restore.isPending}
          onClick={() => discard.mutate({ requestIds })}
        >
          Discard
        </Button>
      </div>
      <ErrorCard error={restore.error ?? discard.error} />
    </section>
  );
}

function Offer({ verdict }: { readonly verdict: UnsavedVerdict }) {
  const { prompt, standing, leftKey, ranking } = verdict;
  const setId = ranking?.setId ?? null;
  return (
    <>
      {decisionLabel({ ...verdict, setId })} on{' '}
      {prompt === null ? `pair ${verdict.pairId}` : `“${promptStart(prompt)}”`}
      {standing !== null && (
        <span className="muted">
          {` (now: ${decisionLabel({ verdict: standing, leftKey, setId }).toLowerCase()})`}
        </span>
      )}
    </>
  );
}
