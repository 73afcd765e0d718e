import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { CheckpointKind } from '#core/bestCheckpoint.ts';
import type { Failure } from '#core/result.ts';
import { client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { FailureCard } from '../../components/FailureCard.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { plural } from '../../format.ts';

const AT_ONCE = 1000;

interface Props {
  readonly runId: number;
  /** undefined is the last. */
  readonly checkpoint: CheckpointKind | undefined;
}

/** Has a run score pairs that nobody has decided: margins and gaps are known of those alone. */
export function ScoreOpen({ runId, checkpoint }: Props) {
  const [share, setShare] = useState<number | null>(null);
  const [scored, setScored] = useState<number | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const cancel = useRef<AbortController | null>(null);
  useEffect(() => () => cancel.current?.abort(), []);
  const start = async () => {
    const stop = new AbortController();
    cancel.current = stop;
    setShare(0);
    setFailure(null);
    try {
      const frames = await client.annotate.scoreOpen(
        { runId, checkpoint, limit: AT_ONCE },
        { signal: stop.signal },
      );
      for await (const frame of frames) {
        if (frame.type === 'done') setScored(frame.result.scored);
        else setShare(frame.total > 0 ? frame.done / frame.total : 0);
      }
    } catch (error) {
      if (!stop.signal.aborted) setFailure(failureOf(error));
    }
    setShare(null);
  };
  return (
    <div className="stack">
      <div className="row" style={{ flexWrap: 'wrap' }}>
        {share === null ? (
          <Button size="xs" onClick={() => void start()}>
            Score the next {AT_ONCE} open pairs
          </Button>
        ) : (
          <Button size="xs" onClick={() => cancel.current?.abort()}>
            Stop
          </Button>
        )}
        <span className="small muted" role="status">
          {share !== null
            ? 'Scoring…'
            : scored === null
              ? 'Margins are known of scored pairs alone; codes of all.'
              : scored === 0
                ? 'Every open pair is scored.'
                : `${plural(scored, 'pair')} scored.`}
        </span>
      </div>
      {share !== null && <ProgressLine value={share} label="Scoring open pairs" />}
      {failure !== null && <FailureCard failure={failure} />}
    </div>
  );
}
