import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FacetError } from '#core/result.ts';
import type { Leakage } from '#shared/dataEntities.ts';
import type { Run } from '#shared/entities.ts';
import { api, client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { Chip } from '../../components/Chip.tsx';
import { FailureCard } from '../../components/FailureCard.tsx';
import { formatCount, formatShare, plural } from '../../format.ts';
import css from './train.module.css';

const THRESHOLD = 0.8;
/** Up to so many pairs nobody has to ask: it takes a second or two. */
const UNASKED_PAIRS = 20_000;

async function find(runId: number, signal: AbortSignal, onShare: (share: number) => void): Promise<Leakage> {
  for await (const frame of await client.data.leakage({ runId, threshold: THRESHOLD }, { signal })) {
    if (frame.type === 'done') return frame.result;
    onShare(frame.total > 0 ? frame.done / frame.total : 0);
  }
  throw new FacetError({ code: 'leakage.ended', message: 'The search ended early.', fix: 'Try again.' });
}

/** Whether held-out prompts are near-duplicates of what the run trained on: its held-out figures rest on that. */
export function RunLeakage({ run }: { readonly run: Run }) {
  const [asked, setAsked] = useState(false);
  const [share, setShare] = useState(0);
  const leakage = useQuery({
    queryKey: [...api.data.leakage.key(), 'found', run.id],
    queryFn: ({ signal }) => find(run.id, signal, setShare),
    enabled: run.state === 'finished' && (asked || run.pairs <= UNASKED_PAIRS),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (run.state !== 'finished') return null;
  const failure = leakage.error === null ? null : failureOf(leakage.error);
  // Runs of earlier versions did not say what they held out.
  if (failure?.code === 'leakage.no-split') return null;
  return (
    <section className={`card ${css.panel}`} aria-label="Leakage" aria-live="polite">
      {failure !== null && <FailureCard failure={failure} onRetry={() => void leakage.refetch()} />}
      {leakage.data ? (
        <Found leakage={leakage.data} />
      ) : (
        failure === null && (
          <div className="row">
            <Chip>Leakage</Chip>
            {leakage.isFetching ? (
              <span className="muted num">
                Looking for held-out prompts that are near-duplicates of training prompts…{' '}
                {formatShare(share, 0)}
              </span>
            ) : (
              <Button size="xs" onClick={() => setAsked(true)}>
                Look for held-out prompts that are near-duplicates of training prompts
              </Button>
            )}
          </div>
        )
      )}
    </section>
  );
}

const SHOWN = 10;

function Found({ leakage: { heldOut, leaking, examples, threshold } }: { readonly leakage: Leakage }) {
  if (leaking.prompts === 0)
    return (
      <div className="row">
        <Chip>Leakage</Chip>
        <span className="muted">
          None of the {plural(heldOut.prompts, 'held-out prompt')} is a near-duplicate of a training prompt
          (alike from {threshold.toFixed(2)}).
        </span>
      </div>
    );
  return (
    <>
      <div className={css.findingHead}>
        <Chip tone="warn">Leakage</Chip>
        <b>
          Near-duplicates of training prompts: {formatCount(leaking.prompts)} of{' '}
          {plural(heldOut.prompts, 'held-out prompt')} ({formatCount(leaking.pairs)} of{' '}
          {plural(heldOut.pairs, 'pair')}, {formatShare(leaking.pairs / heldOut.pairs)}).
        </b>
      </div>
      <p className="small muted">
        In part the held-out figures show memory. In the Library, Duplicates keeps one of each group; then
        train again.
      </p>
      <details>
        <summary className="small">The most alike</summary>
        {examples.slice(0, SHOWN).map(({ promptId, text, like, similarity }) => (
          <p key={promptId} className="small" style={{ overflowWrap: 'anywhere' }}>
            <span className="num muted">{similarity.toFixed(2)}</span> {text}
            <br />
            <span className="muted">trained on: {like}</span>
          </p>
        ))}
      </details>
    </>
  );
}
