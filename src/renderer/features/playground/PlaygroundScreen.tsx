import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { codesOf } from '#core/methods.ts';
import { api } from '../../api/client.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { useProject } from '../../state/project.ts';
import { navigate, useScreen } from '../../state/screen.ts';
import { useRuns } from '../train/useRuns.ts';
import { only } from './codeMix.ts';
import { PlaygroundDesk } from './PlaygroundDesk.tsx';
import { changeMix, setTarget, startPlayground, usePlayground } from './playgroundStore.ts';
import { policyOf } from './policies.ts';

/** Talk to a model and to what was trained of it: `?run=3`, `?model=1`, `?run=3&code=7`. */
export function PlaygroundScreen() {
  const project = useProject();
  const { params } = useScreen();
  const target = usePlayground((state) => state.target);
  const models = useQuery(api.models.list.queryOptions());
  const runs = useRuns();
  useEffect(() => startPlayground(project?.path ?? ''), [project?.path]);
  useEffect(() => {
    if (params.run !== undefined) setTarget({ runId: Number(params.run) });
    else if (params.model !== undefined) setTarget({ modelId: Number(params.model) });
  }, [params.run, params.model]);
  const asked = runs.data?.find(({ id }) => String(id) === params.run);
  const codes = asked ? codesOf(asked.config) : null;
  useEffect(() => {
    const code = Number(params.code ?? Number.NaN);
    if (codes === null || !(code < codes)) return;
    const mix = only(codes, code);
    changeMix(Number(params.run), mix.weights, () => mix);
  }, [params.run, params.code, codes]);
  const error = models.error ?? runs.error;
  if (error)
    return (
      <div style={{ padding: 'var(--s5)' }}>
        <ErrorCard error={error} onRetry={() => void Promise.all([models.refetch(), runs.refetch()])} />
      </div>
    );
  if (!models.data || !runs.data) return <Loading label="Reading models and runs…" />;
  const policy = policyOf(target, models.data, runs.data);
  if (policy === null) return <NoModel />;
  return <PlaygroundDesk policy={policy} models={models.data} runs={runs.data} />;
}

function NoModel() {
  return (
    <EmptyState
      icon={<IconPlayerPlay size={22} />}
      title="No model to talk to"
      actions={
        <Button variant="filled" onClick={() => navigate('settings', { part: 'models' })}>
          Add a model
        </Button>
      }
    >
      Add the folder of a model, or download one; then it answers here, beside what you train of it.
    </EmptyState>
  );
}
