import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CheckpointKind } from '#core/bestCheckpoint.ts';
import type { Run } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { CheckpointSelect } from '../../components/CheckpointSelect.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { formatCount } from '../../format.ts';
import { SelectionActions } from '../codes/SelectionActions.tsx';
import css from './comparison.module.css';
import { PairTable } from './PairTable.tsx';

const SHOWN = 20;
const ORDERS = [
  { value: 'worst', label: 'Most wrong' },
  { value: 'best', label: 'Most right' },
];

/** The held-out pairs that an ended run is furthest wrong and right on, read when they are opened. */
export function HeldOutPairs({ run }: { readonly run: Run }) {
  const [open, setOpen] = useState(false);
  return (
    <section className={`card ${css.panel}`} aria-label="Held-out pairs">
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>Held-out pairs, the most wrong and the most right</summary>
        {open && <FarthestPairs run={run} />}
      </details>
    </section>
  );
}

/** Most wrong or most right at a checkpoint, and what can be done with them. */
export function FarthestPairs({ run }: { readonly run: Run }) {
  const [order, setOrder] = useState<'worst' | 'best'>('worst');
  const [checkpoint, setCheckpoint] = useState<CheckpointKind>();
  const { data, error, refetch } = useQuery(
    api.runs.heldOutPairs.queryOptions({ input: { runId: run.id, checkpoint, order, limit: SHOWN } }),
  );
  return (
    <>
      <div className={css.head} style={{ marginTop: 'var(--s2)' }}>
        <SegmentedControl
          aria-label="Which held-out pairs"
          size="xs"
          data={ORDERS}
          value={order}
          onChange={(value) => setOrder(value as typeof order)}
        />
        <CheckpointSelect run={run} value={checkpoint} onChange={setCheckpoint} />
        {data && (
          <span className="small muted">
            By margin under the prior, at step {formatCount(data.step)}; below 0 the rejected reply is
            preferred
          </span>
        )}
      </div>
      {error ? (
        <ErrorCard error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <>
          <SelectionActions
            key={`${order} ${data.step}`}
            ids={async () => data.pairs.map(({ pairId }) => pairId)}
            reason={`most ${order === 'worst' ? 'wrong' : 'right'} of ${run.name.slice(0, 24)}, step ${data.step}`}
            disabled={data.pairs.length === 0}
            runId={run.id}
          />
          <PairTable pairs={data.pairs} />
        </>
      ) : (
        <Loading label="Reading the pairs…" />
      )}
    </>
  );
}
