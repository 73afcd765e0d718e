import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import { ErrorCard } from '../components/FailureCard.tsx';
import { roleName } from '../features/people/words.ts';
import { handOver } from '../state/handOver.ts';
import { useMe } from '../state/me.ts';
import { useProject } from '../state/project.ts';
import { useSaveState } from '../state/saveState.ts';

/** Hands the page to somebody in their role, or back to the owner. */
export function HandOver() {
  const project = useProject();
  const me = useMe((state) => state.me);
  const here = useQuery(api.people.here.queryOptions());
  const waiting = useSaveState((state) => state.pending > 0);
  const hand = useMutation({
    mutationFn: async (annotatorId: number | null) => (project ? handOver(project, annotatorId) : undefined),
  });
  const isOwner = me?.role === 'owner';
  const others = (here.data ?? []).filter(
    ({ annotatorId, role }) => role !== 'owner' && annotatorId !== me?.bound?.annotatorId,
  );
  return (
    <div className="stack">
      <span className="label">Hand this page to</span>
      {others.length === 0 && isOwner && (
        <span className="small muted">Add people in Settings; each then labels here by their role.</span>
      )}
      {others.map(({ annotatorId, name, role }) => (
        <Button
          key={annotatorId}
          fullWidth
          justify="space-between"
          variant="subtle"
          color="gray"
          disabled={waiting || hand.isPending}
          rightSection={<span className="small muted">{roleName(role)}</span>}
          onClick={() => hand.mutate(annotatorId)}
        >
          {name}
        </Button>
      ))}
      {!isOwner && (
        <Button
          fullWidth
          justify="space-between"
          variant="subtle"
          color="gray"
          disabled={waiting || hand.isPending}
          rightSection={<span className="small muted">Owner</span>}
          onClick={() => hand.mutate(null)}
        >
          The whole workbench
        </Button>
      )}
      <span className="small muted">
        {isOwner
          ? 'They see their own work, the queue and the guidelines. It stays so over a restart.'
          : 'Verdicts on this page are yours until it is handed on.'}
      </span>
      <ErrorCard error={here.error ?? hand.error} />
    </div>
  );
}
