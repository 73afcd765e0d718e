import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { CodePage } from '#shared/entities.ts';
import { client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { notifyFailure } from '../../components/notify.tsx';
import { PaneSection } from '../../components/SidePane.tsx';
import { formatCount, plural } from '../../format.ts';
import { navigate } from '../../state/screen.ts';
import { filterParams } from '../annotate/deskPlace.ts';
import { setConditions } from '../library/libraryView.ts';
import { excludePairs, type Made, queueWithReason, tagPairs, takeBack } from './pairChange.ts';
import type { CodesOf } from './useHeatMap.ts';

interface Props {
  readonly of: CodesOf;
  readonly code: number;
  readonly runName: string;
  readonly page: CodePage;
}

/** What can be done with the pairs of a code's prompts. */
export function CodePairs({ of, code, runName, page }: Props) {
  const reason = `code ${code} of ${runName}, step ${of.step}`.slice(0, 60);
  const change = useMutation({
    mutationFn: async (work: (ids: readonly number[]) => Promise<Made>) =>
      work(await client.codes.pairs({ ...of, code })),
    onError: (error) => notifyFailure(failureOf(error)),
  });
  const undo = useMutation({
    mutationFn: (made: Made) => takeBack(made),
    onSuccess: () => change.reset(),
    onError: (error) => notifyFailure(failureOf(error)),
  });
  const show = useMutation({
    mutationFn: async () => tagPairs(await client.codes.pairs({ ...of, code }), reason),
    onSuccess: () => {
      setConditions({ tags: [reason] });
      navigate('library');
    },
    onError: (error) => notifyFailure(failureOf(error)),
  });
  const made = change.data;
  const busy = change.isPending || undo.isPending || show.isPending || page.pairs === 0;
  return (
    <PaneSection label="Its pairs">
      <span className="small muted num">
        {plural(page.pairs, 'pair')} of {plural(page.prompts, 'prompt')} that fire it most
      </span>
      <div className="row" style={{ flexWrap: 'wrap', gap: 'var(--s1)' }}>
        <Button
          size="compact-xs"
          disabled={busy}
          title={`They come first in the queue, tagged “${reason}”`}
          onClick={() => change.mutate((ids) => queueWithReason(ids, reason))}
        >
          Label first
        </Button>
        <Button
          size="compact-xs"
          disabled={busy}
          onClick={() => change.mutate((ids) => tagPairs(ids, reason))}
        >
          Tag
        </Button>
        <Button
          size="compact-xs"
          disabled={busy}
          title="Out of queue, training and figures; a new run goes without them"
          onClick={() => change.mutate(excludePairs)}
        >
          Exclude
        </Button>
        <Button size="compact-xs" disabled={busy} onClick={() => show.mutate()}>
          Show in the Library
        </Button>
      </div>
      {made && (
        <div className="row" role="status">
          <span className="small num">{made.text}</span>
          {made.changes.length > 0 && (
            <>
              <Button size="compact-xs" loading={undo.isPending} onClick={() => undo.mutate(made)}>
                Undo
              </Button>
              {made.changes.length > 1 && (
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
              {made.text.endsWith('excluded.') && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  onClick={() => navigate('train', { new: 'form', from: String(of.runId) })}
                >
                  New run without these
                </Button>
              )}
            </>
          )}
        </div>
      )}
    </PaneSection>
  );
}

/** How much of a code's labels stand behind the words beneath. */
export const labelledWords = ({ labelled }: Pick<CodePage, 'labelled'>): string =>
  `of ${formatCount(labelled)} labelled ${labelled === 1 ? 'pair' : 'pairs'}`;
