import { Button } from '@mantine/core';
import type { Run } from '#shared/entities.ts';
import { Chip } from '../../components/Chip.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ScreenBar } from '../../components/ScreenBar.tsx';
import { isActive, objectiveName, STATE_WORDS, trainableName } from './runWords.ts';

interface RunBarProps {
  readonly run: Run;
  readonly stopping: boolean;
  readonly onStop: () => void;
  readonly onNew: () => void;
}

export function RunBar({ run, stopping, onStop, onNew }: RunBarProps) {
  const state = STATE_WORDS[run.state];
  return (
    <ScreenBar
      title={run.name}
      actions={
        <>
          {isActive(run) && (
            <Button loading={stopping || run.state === 'stopping'} onClick={onStop}>
              Stop and save
            </Button>
          )}
          <KeyButton variant="filled" keyName="N" onClick={onNew}>
            New run
          </KeyButton>
        </>
      }
    >
      <Chip tone={state.tone}>{state.label}</Chip>
      <Chip tone="accent">{objectiveName(run.config)}</Chip>
      <Chip title="Model, and what of it was trained">
        {run.modelName} · {trainableName(run.config)}
      </Chip>
      <Chip title={run.engineFallback ?? 'The engine that computes the steps'}>
        {run.engine ?? `engine: ${run.config.engine}`}
      </Chip>
    </ScreenBar>
  );
}
