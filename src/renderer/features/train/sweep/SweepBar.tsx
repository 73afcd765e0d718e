import { Button } from '@mantine/core';
import type { Run } from '#shared/entities.ts';
import type { Sweep } from '#shared/sweepContract.ts';
import { Chip } from '../../../components/Chip.tsx';
import { KeyButton } from '../../../components/KeyButton.tsx';
import { ScreenBar } from '../../../components/ScreenBar.tsx';
import { isActive } from '../runWords.ts';
import { sweepStateWords, sweptWords } from './sweepWords.ts';
import type { useSweepActions } from './useSweeps.ts';

interface Props {
  readonly sweep: Sweep;
  readonly runs: readonly Run[];
  readonly actions: ReturnType<typeof useSweepActions>;
  readonly onNew: () => void;
}

/** A sweep's name and state, and what can be done to it as a whole. */
export function SweepBar({ sweep, runs, actions, onNew }: Props) {
  const own = runs.filter(({ id }) => sweep.runIds.includes(id));
  const trains = own.some(isActive);
  const isAtRest = ({ state, resumable }: Run) => resumable && (state === 'paused' || state === 'stopped');
  const rests = !trains && (sweep.waiting > 0 || (!sweep.cancelled && own.some(isAtRest)));
  const { pending } = actions;
  return (
    <ScreenBar
      title={sweep.name}
      actions={
        <>
          {!sweep.paused && (trains || sweep.waiting > 0) && (
            <Button loading={pending} onClick={() => actions.pause(sweep)}>
              Pause all
            </Button>
          )}
          {(sweep.paused || rests) && (
            <Button loading={pending} onClick={() => actions.goOn(sweep)}>
              Go on with all
            </Button>
          )}
          {(trains || sweep.waiting > 0) && (
            <Button loading={pending} onClick={() => actions.cancel(sweep)}>
              Cancel all
            </Button>
          )}
          <KeyButton variant="filled" keyName="N" onClick={onNew}>
            New run
          </KeyButton>
        </>
      }
    >
      <Chip tone={trains ? 'accent' : 'plain'}>{sweepStateWords(sweep)}</Chip>
      <Chip title="What differs between its runs">{sweptWords(sweep)}</Chip>
    </ScreenBar>
  );
}
