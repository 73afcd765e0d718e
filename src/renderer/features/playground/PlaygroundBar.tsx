import { Button, NativeSelect } from '@mantine/core';
import { IconAdjustments } from '@tabler/icons-react';
import { codesOf } from '#core/methods.ts';
import type { Model, Run } from '#shared/entities.ts';
import { CheckpointSelect } from '../../components/CheckpointSelect.tsx';
import { Chip } from '../../components/Chip.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ScreenBar } from '../../components/ScreenBar.tsx';
import { configLine } from '../train/runWords.ts';
import { BesideSelect } from './BesideSelect.tsx';
import { pairToKeep } from './lanes.ts';
import css from './playground.module.css';
import { priorBy, setTarget, usePlayground } from './playgroundStore.ts';
import { canTalk, type Policy, targetOf } from './policies.ts';
import { checkSampling, samplingWords } from './samplingDraft.ts';
import { type PlaygroundActions, whyNotKeep } from './usePlaygroundActions.ts';

interface Props {
  readonly policy: Policy;
  readonly models: readonly Model[];
  readonly runs: readonly Run[];
  readonly actions: PlaygroundActions;
  readonly paneOpen: boolean;
  readonly onPane: () => void;
}

export function PlaygroundBar({ policy, models, runs, actions, paneOpen, onPane }: Props) {
  const state = usePlayground();
  const request = checkSampling(state.sampling).request;
  const whyNot = whyNotKeep(pairToKeep(state.lanes, state.picked));
  const nothingAsked = state.asked === null || request === null;
  const knowsPrior = priorBy(state, policy) !== null;
  return (
    <ScreenBar
      title="Playground"
      actions={
        <>
          <KeyButton
            variant="subtle"
            color="gray"
            keyName="R"
            disabled={nothingAsked}
            onClick={actions.regenerate}
          >
            Again
          </KeyButton>
          <KeyButton
            variant="subtle"
            color="gray"
            keyName="N"
            disabled={nothingAsked}
            onClick={actions.newSeed}
          >
            New seed
          </KeyButton>
          {policy.run !== null && codesOf(policy.run.config) !== null && (
            <KeyButton keyName="W" disabled={nothingAsked || !knowsPrior} onClick={actions.sweep}>
              Sweep codes
            </KeyButton>
          )}
          <span title={whyNot ?? 'Stored unlabelled, for Annotate'}>
            <KeyButton
              variant="filled"
              keyName="K"
              disabled={whyNot !== null || state.asked === null}
              loading={actions.keeping}
              onClick={actions.keep}
            >
              Keep as pair
            </KeyButton>
          </span>
          <Button
            variant="subtle"
            color="gray"
            aria-pressed={paneOpen}
            aria-keyshortcuts="H"
            aria-label="Codes and sampling"
            title="Codes and sampling (H)"
            px={6}
            onClick={onPane}
          >
            <IconAdjustments size={18} stroke={1.6} />
          </Button>
        </>
      }
    >
      <PolicyPicker policy={policy} models={models} runs={runs} />
      {policy.run !== null && (
        <CheckpointSelect
          run={policy.run}
          value={policy.checkpoint}
          onChange={(checkpoint) => policy.run && setTarget({ runId: policy.run.id, checkpoint })}
        />
      )}
      <BesideSelect policy={policy} models={models} runs={runs} />
      <span className={css.spare}>
        {request !== null && samplingWords(request).map((words) => <Chip key={words}>{words}</Chip>)}
      </span>
    </ScreenBar>
  );
}

function PolicyPicker({ policy, models, runs }: Pick<Props, 'policy' | 'models' | 'runs'>) {
  const talking = runs.filter((run) => canTalk(run) || run.id === policy.run?.id);
  return (
    <NativeSelect
      size="xs"
      w="15rem"
      aria-label="Model or run"
      value={policy.run ? `run:${policy.run.id}` : `model:${policy.model.id}`}
      data={[
        {
          group: 'Runs',
          items: talking.map((run) => ({
            value: `run:${run.id}`,
            label: `${run.name}: ${configLine(run.config)}`,
          })),
        },
        {
          group: 'Base models',
          items: models.map(({ id, name, exists }) => ({
            value: `model:${id}`,
            label: exists ? name : `${name} (folder is gone)`,
            disabled: !exists,
          })),
        },
      ].filter(({ items }) => items.length > 0)}
      onChange={({ currentTarget }) => {
        setTarget(targetOf(currentTarget.value));
      }}
    />
  );
}
