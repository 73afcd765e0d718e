import { Button, Modal, NumberInput, Radio, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { NEEDS, type Need } from '#core/queueNeed.ts';
import { formatOrder, type QueueOrder } from '#shared/queueOrder.ts';
import { api } from '../../api/client.ts';
import { CheckpointSelect } from '../../components/CheckpointSelect.tsx';
import { useRuns } from '../train/useRuns.ts';
import { NEED_NAMES } from './orderWords.ts';
import { ScoreOpen } from './ScoreOpen.tsx';
import type { DeskPlace } from './useDeskPlace.ts';

interface Props {
  readonly place: DeskPlace;
  readonly onClose: () => void;
}
type By = QueueOrder['by'] | 'import';

/** In which order pairs come. The order is in the address: it can be kept and sent to somebody. */
export function QueueDialog({ place, onClose }: Props) {
  const { order } = place.scope;
  const [by, setBy] = useState<By>(order?.by ?? 'import');
  const [seed, setSeed] = useState(order?.by === 'random' ? order.seed : 1);
  const [need, setNeed] = useState<Need>(order?.by === 'need' ? order.need : 'any');
  const runs = (useRuns().data ?? []).filter(({ checkpointStep }) => checkpointStep !== null);
  const [chosenRun, setRun] = useState(order?.by === 'need' ? order.runId : null);
  const runId = chosenRun ?? runs[0]?.id ?? null;
  const run = runs.find(({ id }) => id === runId);
  const [checkpoint, setCheckpoint] = useState(order?.by === 'need' ? order.checkpoint : undefined);
  const sources = useQuery(api.library.sources.queryOptions()).data ?? [];
  const [shares, setShares] = useState<Readonly<Record<number, number>>>(
    order?.by === 'sources' ? Object.fromEntries(order.shares.map((one) => [one.sourceId, one.share])) : {},
  );
  const given = sources
    .map(({ id }) => ({ sourceId: id, share: shares[id] ?? 1 }))
    .filter(({ share }) => share > 0);
  const wanted = ((): QueueOrder | null | undefined => {
    if (by === 'random') return { by, seed };
    if (by === 'least') return { by };
    if (by === 'sources') return given.length === 0 ? null : { by, shares: given };
    if (by === 'need') return runId === null ? null : { by, runId, need, checkpoint };
    return undefined;
  })();
  const apply = () => {
    const { order: _, ...others } = place.params;
    place.show(wanted === undefined || wanted === null ? others : { ...others, order: formatOrder(wanted) });
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title="Order of the queue">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted !== null) apply();
        }}
      >
        <Radio.Group value={by} onChange={(value) => setBy(value as By)} aria-label="Order">
          <div className="stack">
            <Radio
              value="import"
              label="As imported"
              description="Pairs sent to the queue first, then new ones"
            />
            <Radio value="random" label="At random" description="The same for the same number" />
            <Radio value="least" label="Least labelled first" description="For even overlap between people" />
            <Radio value="sources" label="Sources in shares" />
            <Radio
              value="need"
              label="By need"
              description="What a run would learn most from; the reason stands on the pair, which reply it prefers does not"
            />
          </div>
        </Radio.Group>
        {by === 'random' && (
          <NumberInput
            label="Number"
            min={0}
            max={0xffff_ffff}
            allowDecimal={false}
            value={seed}
            onChange={(value) => setSeed(Number(value))}
          />
        )}
        {by === 'sources' &&
          sources.map(({ id, name }) => (
            <NumberInput
              key={id}
              label={name}
              size="xs"
              min={0}
              max={1000}
              value={shares[id] ?? 1}
              onChange={(value) => setShares({ ...shares, [id]: Number(value) })}
            />
          ))}
        {by === 'need' &&
          (runId === null ? (
            <p className="muted">Train a run first: it says what it is in doubt of.</p>
          ) : (
            <>
              <Select
                label="Run"
                allowDeselect={false}
                value={String(runId)}
                onChange={(id) => {
                  setRun(Number(id));
                  setCheckpoint(undefined);
                }}
                data={runs.map(({ id, name }) => ({ value: String(id), label: name }))}
              />
              {run && (
                <CheckpointSelect run={run} label="Checkpoint" value={checkpoint} onChange={setCheckpoint} />
              )}
              <Select<Need>
                label="First come pairs with"
                allowDeselect={false}
                value={need}
                onChange={(value) => setNeed(value ?? 'any')}
                data={NEEDS.map((value) => ({ value, label: NEED_NAMES[value] }))}
              />
              <ScoreOpen key={`${runId} ${checkpoint}`} runId={runId} checkpoint={checkpoint} />
            </>
          ))}
        <div className="row">
          <span className="grow" />
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" disabled={wanted === null}>
            Label in this order
          </Button>
        </div>
      </form>
    </Modal>
  );
}
