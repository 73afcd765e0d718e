import { Button } from '@mantine/core';
import { methodName } from '#core/methods.ts';
import { ENGINE_NAMES } from '#core/runConfig.ts';
import type { Run } from '#shared/entities.ts';
import { Chip } from '../../components/Chip.tsx';
import { engineLabel } from '../../components/engineWords.ts';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ScreenBar } from '../../components/ScreenBar.tsx';
import { TakeResult } from './elsewhere/TakeResult.tsx';
import { isActive, STATE_WORDS, trainableName } from './runWords.ts';
import type { RunActions } from './useRunActions.ts';

interface Props {
  readonly run: Run;
  readonly actions: RunActions;
  readonly onNew: () => void;
}

/** The run's name and state, and what can be done to it now. */
export function RunBar({ run, actions, onNew }: Props) {
  const state = STATE_WORDS[run.state];
  return (
    <ScreenBar
      title={run.name}
      actions={
        <>
          {isActive(run) ? <AtWork run={run} actions={actions} /> : <AtRest run={run} actions={actions} />}
          <TakeResult />
          <KeyButton variant="filled" keyName="N" onClick={onNew}>
            New run
          </KeyButton>
        </>
      }
    >
      <Chip tone={state.tone}>{state.label}</Chip>
      <Chip tone="accent">{methodName(run.config)}</Chip>
      <Chip title="Model, and what of it was trained">
        {run.modelName} · {trainableName(run.config)}
      </Chip>
      <Chip title={run.engineFallback ?? engineTitle(run)}>
        {run.engine ?? `engine: ${run.config.engine}`}
      </Chip>
    </ScreenBar>
  );
}

function AtWork({ run, actions: { pending, pause, stop } }: Omit<Props, 'onNew'>) {
  const pausing = pending.pause || run.state === 'pausing';
  const stopping = pending.stop || run.state === 'stopping';
  return (
    <>
      <KeyButton keyName="P" loading={pausing} disabled={stopping} onClick={pause}>
        Pause
      </KeyButton>
      <Button loading={stopping} disabled={pausing} onClick={stop}>
        Stop and save
      </Button>
    </>
  );
}

function AtRest({ run, actions: { pending, otherBusy, resume } }: Omit<Props, 'onNew'>) {
  if (!run.resumable) return null;
  const fromWhere =
    run.checkpointStep === null
      ? 'Begins anew: no step was kept yet'
      : `Continues from its checkpoint of step ${run.checkpointStep}`;
  return (
    <span title={otherBusy ? 'Waits until the current run has ended' : fromWhere}>
      <KeyButton keyName="P" loading={pending.resume} disabled={otherBusy} onClick={() => resume()}>
        Resume
      </KeyButton>
    </span>
  );
}

function engineTitle({ engine }: Run): string {
  const name = ENGINE_NAMES.find((known) => known === engine);
  return name === undefined ? 'The engine that computes the steps' : engineLabel(name);
}
