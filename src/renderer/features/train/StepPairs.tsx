import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Run } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { formatCount, plural } from '../../format.ts';
import { PairTable } from './PairTable.tsx';

interface Props {
  readonly run: Run;
  /** null while none is looked at. */
  readonly step: number | null;
  readonly onClose: () => void;
}

/** The pairs of a training step that a point of a chart stands for. */
export function StepPairs({ run, step, onClose }: Props) {
  return (
    <Modal
      opened={step !== null}
      onClose={onClose}
      size="80rem"
      title={step === null ? '' : `Pairs of step ${formatCount(step)} of ${run.name}`}
    >
      {step !== null && <Pairs runId={run.id} step={step} />}
    </Modal>
  );
}

function Pairs({ runId, step }: { readonly runId: number; readonly step: number }) {
  const { data, error, refetch } = useQuery(api.runs.stepPairs.queryOptions({ input: { runId, step } }));
  if (error) return <ErrorCard error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading label="Reading the pairs…" />;
  if (data.total === 0)
    return <p>This step learnt from labels of single replies alone, which are compared with nothing.</p>;
  return (
    <>
      <p className="small muted" style={{ margin: 0 }}>
        {plural(data.total, 'pair')}; margins under the weights and the mixture of z that the step began with
        {data.pairs.length < data.total && `. The first ${formatCount(data.pairs.length)} are shown`}
      </p>
      <PairTable pairs={data.pairs} />
    </>
  );
}
