import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { failureOf } from '../../api/failureOf.ts';
import { notifyFailure } from '../../components/notify.tsx';
import { useProject } from '../../state/project.ts';
import { navigate } from '../../state/screen.ts';
import { filterParams } from '../annotate/deskPlace.ts';
import { exportShown } from '../dataExport/store.ts';
import { clearFilter, setConditions, viewProject } from '../library/libraryView.ts';
import { excludePairs, type Made, queueWithReason, tagPairs, takeBack } from './pairChange.ts';

interface Props {
  /** Ids of the pairs, read when something is done with them. */
  readonly ids: () => Promise<readonly number[]>;
  /** Why these: their tag. */
  readonly reason: string;
  readonly disabled: boolean;
  readonly canExclude?: boolean;
  readonly runId: number;
}

/** What can be done with the pairs of a selection; what was done, and its undo, stand where it was done. */
export function SelectionActions({ ids, reason, disabled, canExclude = true, runId }: Props) {
  const project = useProject();
  const change = useMutation({
    mutationFn: async (work: (pairs: readonly number[]) => Promise<Made>) => work(await ids()),
    onError: (error) => notifyFailure(failureOf(error)),
  });
  const undo = useMutation({
    mutationFn: (made: Made) => takeBack(made),
    onSuccess: () => change.reset(),
    onError: (error) => notifyFailure(failureOf(error)),
  });
  /** Tags them, so that exactly these are what the Library shows. */
  const show = useMutation({
    mutationFn: async (then: () => void) => {
      await tagPairs(await ids(), reason);
      if (project) viewProject(project.path);
      clearFilter();
      setConditions({ tags: [reason] });
      navigate('library');
      then();
    },
    onError: (error) => notifyFailure(failureOf(error)),
  });
  const made = change.data;
  const busy = change.isPending || undo.isPending || show.isPending || disabled;
  const button = (label: string, title: string, act: () => void) => (
    <Button size="compact-xs" disabled={busy} title={title} onClick={act}>
      {label}
    </Button>
  );
  return (
    <>
      <div className="row" style={{ flexWrap: 'wrap', gap: 'var(--s1)' }}>
        {button('Label first', `They come first in the queue, tagged “${reason}”`, () =>
          change.mutate((pairs) => queueWithReason(pairs, reason)),
        )}
        {button('Tag', `As “${reason}”`, () => change.mutate((pairs) => tagPairs(pairs, reason)))}
        {canExclude &&
          button('Exclude', 'Out of queue, training and figures; a new run goes without them', () =>
            change.mutate(excludePairs),
          )}
        {button('Show in the Library', `Tagged “${reason}”`, () => show.mutate(() => undefined))}
        {button('Export', `Tagged “${reason}”, as a file of pairs and labels`, () =>
          show.mutate(exportShown),
        )}
      </div>
      {made && (
        <div className="row" role="status" style={{ flexWrap: 'wrap' }}>
          <span className="small num">{made.text}</span>
          {made.changes.length > 0 && (
            <Button size="compact-xs" loading={undo.isPending} onClick={() => undo.mutate(made)}>
              Undo
            </Button>
          )}
          {made.did === 'queued' && (
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() =>
                navigate(
                  'annotate',
                  filterParams({ text: '', sourceId: null, status: 'all', where: { tags: [reason] } }),
                )
              }
            >
              Label them
            </Button>
          )}
          {made.did === 'excluded' && (
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() => navigate('train', { new: 'form', from: String(runId) })}
            >
              New run without these
            </Button>
          )}
        </div>
      )}
    </>
  );
}
