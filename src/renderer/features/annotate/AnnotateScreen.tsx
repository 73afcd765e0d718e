import { Button } from '@mantine/core';
import { IconColumns2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import type { Failure } from '#core/result.ts';
import type { QueueScope } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCard, FailureCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { projectKey } from '../../state/identity.ts';
import { useIsOwner, useMe } from '../../state/me.ts';
import { useProject } from '../../state/project.ts';
import { navigate, useScreen } from '../../state/screen.ts';
import { AdjudicationScreen } from '../adjudication/AdjudicationScreen.tsx';
import { useWaitLabel } from '../library/useWaitLabel.ts';
import { RatingScreen } from '../rating/RatingScreen.tsx';
import { AnnotationDesk } from './AnnotationDesk.tsx';
import { openDesk, useAnnotation } from './annotationStore.ts';
import { Finished } from './Finished.tsx';
import { NameForm } from './NameForm.tsx';
import { counts } from './sessionView.ts';
import { UnsavedVerdicts } from './UnsavedVerdicts.tsx';
import { useDeskPlace } from './useDeskPlace.ts';

export function AnnotateScreen() {
  const project = useProject();
  const role = useMe(({ me }) => me?.role);
  const { params } = useScreen();
  const annotators = useQuery(api.annotate.annotators.queryOptions());
  const annotator = annotators.data?.find(({ current }) => current);
  if (annotators.error !== null) {
    return (
      <Padded>
        <ErrorCard error={annotators.error} onRetry={() => void annotators.refetch()} />
      </Padded>
    );
  }
  if (!project || annotators.data === undefined) return <Opening />;
  if (annotator === undefined) return <NameForm project={project} known={annotators.data} />;
  if (params.replies !== undefined && project.settings.ratings.scale !== 'off')
    return <RatingScreen key={`${projectKey(project)}:${annotator.id}`} />;
  if (params.disagreements !== undefined && role !== 'annotator')
    return <AdjudicationScreen key={`${projectKey(project)}:${annotator.id}`} />;
  return (
    <QueueLoader
      key={`${projectKey(project)}:${annotator.id}`}
      project={projectKey(project)}
      annotatorId={annotator.id}
    />
  );
}

interface LoaderProps {
  readonly project: string;
  readonly annotatorId: number;
}

function QueueLoader({ project, annotatorId }: LoaderProps) {
  const place = useDeskPlace(project);
  const { pairId } = place;
  const scope = JSON.stringify(place.scope);
  const [failure, setFailure] = useState<Failure | null>(null);
  const state = useAnnotation();
  const load = useCallback(() => {
    if (pairId === undefined) return;
    setFailure(null);
    openDesk(project, annotatorId, pairId, JSON.parse(scope) as QueueScope).catch((error: unknown) =>
      setFailure(failureOf(error)),
    );
  }, [project, annotatorId, pairId, scope]);
  useEffect(load, [load]);
  const isOwner = useIsOwner();
  const numbers = counts(state);
  const shown = pairId === undefined ? NO_SUCH_ADDRESS : failure;
  if (shown !== null && (pairId !== null || state.items.length === 0)) {
    return (
      <Padded>
        <FailureCard failure={shown} {...(pairId === undefined ? {} : { onRetry: load })} />
        {pairId !== null && (
          <div className="row" style={{ marginTop: 'var(--s3)' }}>
            <Button variant="filled" onClick={place.goOn}>
              Continue with the queue
            </Button>
            {isOwner && <Button onClick={() => navigate('library')}>Choose in the Library</Button>}
          </div>
        )}
      </Padded>
    );
  }
  if (state.server === null) return <Opening />;
  if (numbers.total === 0 && place.scope.filter === null) {
    return (
      <EmptyState
        icon={<IconColumns2 />}
        title="No pairs to label yet"
        actions={
          isOwner && (
            <Button variant="filled" onClick={() => navigate('library', { import: 'open' })}>
              Import pairs
            </Button>
          )
        }
      >
        {isOwner
          ? 'Import a file of prompts with two replies each; they are queued here.'
          : 'They come here once whoever runs the project has imported them.'}
      </EmptyState>
    );
  }
  return (
    <AnnotationDesk
      place={place}
      finished={<Finished counts={numbers} place={place} />}
      above={<UnsavedVerdicts />}
    />
  );
}

/** An address typed by hand, or cut short. */
const NO_SUCH_ADDRESS: Failure = {
  code: 'annotate.unknown-pair',
  message: 'The address names no pair: a pair’s number is a whole number from 1.',
  fix: 'Choose a pair in the Library, or continue with the queue.',
};

function Opening() {
  return <Loading label={useWaitLabel('Opening the queue…')} />;
}

function Padded({ children }: { readonly children: React.ReactNode }) {
  return <div style={{ padding: 'var(--s5)' }}>{children}</div>;
}
