import { Button } from '@mantine/core';
import type { Run } from '#shared/entities.ts';
import { notifyFailure } from '../../components/notify.tsx';
import { formatCount } from '../../format.ts';
import { PHASE_WORDS } from '../train/runWords.ts';
import { readCodes, useCodesReading } from './readCodes.ts';
import { unreadStep } from './whyNoCodes.ts';

/** Reads the codes by the run's last checkpoint where others, or none, are stored; shows how far it is. */
export function ReadCodes({ run }: { readonly run: Run }) {
  const { runId, phase, stop } = useCodesReading();
  const step = unreadStep(run);
  if (runId === run.id && stop !== null) {
    const counted = phase !== null && phase.total > 1;
    return (
      <span className="row" role="status">
        <span className="small muted num">
          {phase === null ? 'Starting the worker' : PHASE_WORDS[phase.phase]}
          {counted && `, ${formatCount(phase.done)} of ${formatCount(phase.total)}`}
        </span>
        <Button size="xs" onClick={stop}>
          Stop
        </Button>
      </span>
    );
  }
  if (step === null) return null;
  return (
    <Button
      size="xs"
      variant="filled"
      disabled={runId !== null}
      onClick={() => void readCodes(run.id).then((failure) => failure && notifyFailure(failure))}
    >
      Read the codes of step {formatCount(step)}
    </Button>
  );
}
