import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { codesOf } from '#core/methods.ts';
import type { Failure } from '#core/result.ts';
import { api } from '../../api/client.ts';
import { CheckpointSelect } from '../../components/CheckpointSelect.tsx';
import { ErrorCard, FailureCard } from '../../components/FailureCard.tsx';
import { SourceChecks } from '../../components/SourceChecks.tsx';
import { formatCount } from '../../format.ts';
import { useProject } from '../../state/project.ts';
import { type PlaygroundState, usePlayground } from '../playground/playgroundStore.ts';
import { canTalk, policyOf } from '../playground/policies.ts';
import { useRuns } from '../train/useRuns.ts';
import css from './newPairs.module.css';
import { drawNewPairs } from './newPairsStore.ts';
import { VariantList } from './VariantList.tsx';
import { checkVariants, startingVariants } from './variants.ts';

/** Who answers, which prompts, and how the replies differ. */
export function NewPairsForm({ failure }: { readonly failure: Failure | null }) {
  const project = useProject();
  const models = useQuery(api.models.list.queryOptions());
  const runs = useRuns();
  const talkedTo = usePlayground((state) => state.target);
  const [target, setTarget] = useState<PlaygroundState['target']>(talkedTo);
  const [prompts, setPrompts] = useState('50');
  const [sourceIds, setSourceIds] = useState<readonly number[] | null>(null);
  const [maxTokens, setMaxTokens] = useState('256');
  const [variants, setVariants] = useState(startingVariants);
  const policy = policyOf(target, models.data ?? [], runs.data ?? []);
  const codes = policy?.run ? codesOf(policy.run.config) : null;
  const checked = checkVariants(variants, maxTokens, codes);
  const most = project?.counts.prompts ?? 0;
  const count = Number(prompts);
  const countProblem = Number.isInteger(count) && count >= 1 ? null : 'A whole number from 1, please.';
  const ready = policy !== null && checked.variants !== null && countProblem === null;
  const draw = () => {
    if (policy === null || checked.variants === null || countProblem !== null) return;
    void drawNewPairs({
      modelId: policy.model.id,
      runId: policy.run?.id ?? null,
      checkpoint: policy.checkpoint,
      prompts: count,
      sourceIds: sourceIds === null ? null : [...sourceIds],
      variants: [...checked.variants],
    });
  };
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        draw();
      }}
    >
      {failure !== null && <FailureCard failure={failure} />}
      <ErrorCard error={models.error ?? runs.error} />
      <div className={css.line}>
        <NativeSelect
          label="Answers by"
          style={{ flex: 2 }}
          value={policy === null ? '' : policy.run ? `run:${policy.run.id}` : `model:${policy.model.id}`}
          data={[
            ...(runs.data ?? []).filter(canTalk).map(({ id, name, modelName }) => ({
              value: `run:${id}`,
              label: `${name}, trained on ${modelName}`,
            })),
            ...(models.data ?? [])
              .filter(({ exists }) => exists)
              .map(({ id, name }) => ({ value: `model:${id}`, label: `${name}, as it is` })),
          ]}
          onChange={({ currentTarget }) => {
            const [kind, id] = currentTarget.value.split(':');
            setTarget(kind === 'run' ? { runId: Number(id) } : { modelId: Number(id) });
          }}
        />
        {policy?.run && (
          <CheckpointSelect
            label="Checkpoint"
            run={policy.run}
            value={policy.checkpoint}
            onChange={(checkpoint) => policy.run && setTarget({ runId: policy.run.id, checkpoint })}
          />
        )}
        <TextInput
          label="Prompts"
          description={`of ${formatCount(most)} in the project`}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          inputMode="numeric"
          value={prompts}
          error={countProblem}
          onChange={({ currentTarget }) => setPrompts(currentTarget.value)}
        />
        <TextInput
          label="Most tokens"
          description="of a reply"
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          inputMode="numeric"
          value={maxTokens}
          error={checked.problems.has(0)}
          onChange={({ currentTarget }) => setMaxTokens(currentTarget.value)}
        />
      </div>
      <SourceChecks label="Prompts from" sourceIds={sourceIds} onSourceIds={setSourceIds} />
      <VariantList variants={variants} problems={checked.problems} codes={codes} onVariants={setVariants} />
      <div className="row">
        <span className="small muted">
          Every two replies of a prompt become an unlabelled pair; those with the same text are left out.
        </span>
        <span className="grow" />
        <Button type="submit" variant="filled" disabled={!ready}>
          Draw them
        </Button>
      </div>
    </form>
  );
}
