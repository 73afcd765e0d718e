import { Button } from '@mantine/core';
import { IconCircleCheck, IconColumns2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import type { Failure } from '#core/result.ts';
import { api } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCard, FailureCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { formatCount } from '../../format.ts';
import { projectKey } from '../../state/identity.ts';
import { useProject } from '../../state/project.ts';
import { navigate, useScreen } from '../../state/screen.ts';
import { useWaitLabel } from '../library/useWaitLabel.ts';
import { AnnotationDesk } from './AnnotationDesk.tsx';
import { openDesk, useAnnotation } from './annotationStore.ts';
import { NameForm } from './NameForm.tsx';
import { counts } from './sessionView.ts';
import { UnsavedVerdicts } from './UnsavedVerdicts.tsx';

export function AnnotateScreen() {
  const project = useProject();
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
  const { params } = useScreen();
  const pairId = params.pair === undefined ? null : Number(params.pair);
  const [failure, setFailure] = useState<Failure | null>(null);
  const state = useAnnotation();
  const load = useCallback(() => {
    setFailure(null);
    openDesk(project, annotatorId, pairId).catch((error: unknown) => setFailure(failureOf(error)));
  }, [project, annotatorId, pairId]);
  useEffect(load, [load]);
  const numbers = counts(state);
  if (failure !== null && state.items.length === 0) {
    return (
      <Padded>
        <FailureCard failure={failure} onRetry={load} />
      </Padded>
    );
  }
  if (state.server === null) return <Opening />;
  if (numbers.total === 0) {
    return (
      <EmptyState
        icon={<IconColumns2 />}
        title="No pairs to label yet"
        actions={
          <Button variant="filled" onClick={() => navigate('library', { import: 'open' })}>
            Import pairs
          </Button>
        }
      >
        Import a file of prompts with two replies each; they are queued here.
      </EmptyState>
    );
  }
  return <AnnotationDesk finished={<Finished labelled={numbers.decided} />} above={<UnsavedVerdicts />} />;
}

function Opening() {
  return <Loading label={useWaitLabel('Opening the queue…')} />;
}

function Finished({ labelled }: { readonly labelled: number }) {
  return (
    <EmptyState
      icon={<IconCircleCheck />}
      title="All labelled"
      actions={
        <>
          <Button variant="filled" onClick={() => navigate('train')}>
            Train on them
          </Button>
          <Button onClick={() => navigate('library')}>Look at the pairs</Button>
        </>
      }
    >
      {`You have decided all ${formatCount(labelled)} pairs. Z takes the last one back.`}
    </EmptyState>
  );
}

function Padded({ children }: { readonly children: React.ReactNode }) {
  return <div style={{ padding: 'var(--s5)' }}>{children}</div>;
}
