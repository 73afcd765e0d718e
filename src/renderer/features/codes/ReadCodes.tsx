import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Run } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { notifyFailure } from '../../components/notify.tsx';
import { formatCount } from '../../format.ts';
import { useReading } from '../../state/work.ts';
import { workLine } from '../train/workWords.ts';
import { readCodes } from './readCodes.ts';
import { unreadStep } from './whyNoCodes.ts';

interface Props {
  readonly run: Run;
  /** Of the checkpoint looked at. */
  readonly step: number | null;
}

/** Reads the codes by a checkpoint that has none stored; shows how far it is. */
export function ReadCodes({ run, step }: Props) {
  const unread = unreadStep(run, step);
  const reading = useReading(run.id, unread);
  const cancel = useMutation(api.work.cancel.mutationOptions());
  const [asked, setAsked] = useState(false);
  if (unread === null) return null;
  if (reading !== null)
    return (
      <span className="row" role="status">
        <span className="small muted num">{workLine(reading)}</span>
        <Button size="xs" onClick={() => cancel.mutate({ id: reading.id })}>
          Stop
        </Button>
      </span>
    );
  const read = async (): Promise<void> => {
    setAsked(true);
    const failure = await readCodes(run.id, unread);
    setAsked(false);
    if (failure) notifyFailure(failure);
  };
  return (
    <Button size="xs" variant="filled" loading={asked} onClick={() => void read()}>
      Read the codes of step {formatCount(unread)}
    </Button>
  );
}
