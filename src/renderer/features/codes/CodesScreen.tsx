import { Button } from '@mantine/core';
import { IconLayoutGrid } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Run } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { navigate, useScreen } from '../../state/screen.ts';
import { CodesView } from './CodesView.tsx';
import { ReadCodes } from './ReadCodes.tsx';
import { TrainingCodes } from './timeline/TrainingCodes.tsx';
import { stepOf } from './useSelection.ts';
import { hasCodes, isTrainingCodes, unreadStep, whyNoCodes } from './whyNoCodes.ts';

/** The codes of the run asked for, or of the latest one that has any. */
export function CodesScreen() {
  const { params } = useScreen();
  const { data: all, error, refetch } = useQuery(api.runs.list.queryOptions());
  if (error) return <ErrorCard error={error} onRetry={() => void refetch()} />;
  if (!all) return <Loading label="Reading the runs…" />;
  const runs = all.filter((run) => hasCodes(run) || isTrainingCodes(run)).sort((a, b) => b.id - a.id);
  const asked = all.find(({ id }) => String(id) === params.run);
  const run = asked ?? runs.find(hasCodes) ?? runs[0];
  const step = run ? stepOf(run, params.step) : null;
  if (run && step !== null && run.codesSteps.includes(step))
    return <CodesView key={`${run.id} ${step}`} run={run} step={step} runs={runs} />;
  if (run && isTrainingCodes(run)) return <TrainingCodes key={run.id} run={run} runs={runs} />;
  return (
    <NoCodes
      asked={run}
      step={step}
      latest={all.toSorted((a, b) => b.id - a.id)[0]}
      other={runs.find(hasCodes)}
    />
  );
}

interface NoCodesProps {
  readonly step: number | null;
  readonly asked: Run | undefined;
  readonly latest: Run | undefined;
  readonly other: Run | undefined;
}

function NoCodes({ asked, step, latest, other }: NoCodesProps) {
  const run = asked ?? latest;
  const { title, text } = whyNoCodes(run, step);
  return (
    <EmptyState
      icon={<IconLayoutGrid size={22} />}
      title={title}
      actions={
        <>
          {run && <ReadCodes run={run} step={step} />}
          <Button
            variant={run && unreadStep(run, step) !== null ? 'default' : 'filled'}
            onClick={() => navigate('train', run ? { run: String(run.id) } : { new: 'form' })}
          >
            {run ? `Go to ${run.name}` : 'Train a run'}
          </Button>
          {other && (other.id !== run?.id || step !== other.codesStep) && (
            <Button onClick={() => navigate('codes', { run: String(other.id) })}>
              Codes of {other.name}, step {other.codesStep}
            </Button>
          )}
        </>
      }
    >
      {text}
    </EmptyState>
  );
}
