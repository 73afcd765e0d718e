import { Button } from '@mantine/core';
import { IconCircleCheck, IconPlayerSkipForward } from '@tabler/icons-react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { formatCount, plural } from '../../format.ts';
import { useIsOwner } from '../../state/me.ts';
import { useProject } from '../../state/project.ts';
import { navigate } from '../../state/screen.ts';
import css from './annotate.module.css';
import { reloadQueue } from './annotationStore.ts';
import { SessionTiles } from './SessionTiles.tsx';
import type { Counts } from './sessionView.ts';
import type { DeskPlace } from './useDeskPlace.ts';

interface Props {
  readonly counts: Counts;
  readonly place: DeskPlace;
}

/** Where people share the pairs: what is left has its labels, or is before somebody else. */
function NothingNow({ labelled }: { readonly labelled: number }) {
  return (
    <EmptyState
      icon={<IconCircleCheck />}
      title="Nothing for you now"
      actions={
        <Button variant="filled" onClick={() => void reloadQueue()}>
          Look again
        </Button>
      }
    >
      {`You have labelled ${plural(labelled, 'pair')}. The others have all the labels they need, or are before somebody else; what is given back comes to you. Z takes the last verdict back.`}
    </EmptyState>
  );
}

/** Nothing more comes up, because all is labelled or the rest was skipped; and how the session went. */
export function Finished({ counts, place }: Props) {
  return (
    <>
      <WhatIsLeft counts={counts} place={place} />
      {counts.inSession > 0 && (
        <section aria-label="Your session" className={css.sessionEnd}>
          <SessionTiles counts={counts} />
        </section>
      )}
    </>
  );
}

function WhatIsLeft({ counts: { decided, skipped, total }, place }: Props) {
  const { filter } = place.scope;
  const isOwner = useIsOwner();
  const isShared = useProject()?.settings.overlap != null;
  const labelled = decided - skipped;
  if (isShared && filter === null && skipped === 0 && decided < total)
    return <NothingNow labelled={labelled} />;
  const where = filter === null ? '' : ' of this filter';
  const goThroughSkipped = () => place.show({ ...place.params, skipped: '1' });
  return (
    <EmptyState
      icon={skipped > 0 ? <IconPlayerSkipForward /> : <IconCircleCheck />}
      title={
        skipped > 0 ? `${plural(skipped, 'pair')} skipped` : total === 0 ? 'No pair here' : 'All labelled'
      }
      actions={
        <>
          {skipped > 0 && (
            <Button variant="filled" onClick={goThroughSkipped}>
              Go through the skipped ones
            </Button>
          )}
          {isOwner && filter !== null && (
            <Button variant={skipped > 0 ? 'default' : 'filled'} onClick={() => place.show({})}>
              Leave the filter
            </Button>
          )}
          {isOwner && filter === null && (
            <Button variant={skipped > 0 ? 'default' : 'filled'} onClick={() => navigate('train')}>
              Train on them
            </Button>
          )}
          {isOwner && <Button onClick={() => navigate('library')}>Look at the pairs</Button>}
        </>
      }
    >
      {skipped > 0
        ? `You have labelled ${formatCount(labelled)} of ${formatCount(total)} pairs${where} and skipped the others. `
        : total === 0
          ? 'Your filter matches no pair any more. '
          : `You have labelled all ${formatCount(total)} pairs${where}. `}
      {total > 0 && 'Z takes the last verdict back.'}
    </EmptyState>
  );
}
