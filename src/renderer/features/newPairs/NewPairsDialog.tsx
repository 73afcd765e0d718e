import { Button, Modal } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { failureOf } from '../../api/failureOf.ts';
import { notifyFailure } from '../../components/notify.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { formatDuration, plural } from '../../format.ts';
import { navigate } from '../../state/screen.ts';
import { NewPairsForm } from './NewPairsForm.tsx';
import {
  closeNewPairs,
  type NewPairsStage,
  newPairsAgain,
  stopNewPairs,
  useNewPairs,
} from './newPairsStore.ts';

/** Draws replies for the project's prompts into the labelling queue. */
export function NewPairsDialog() {
  const { opened, now } = useNewPairs();
  return (
    <Modal opened={opened} onClose={closeNewPairs} title="New pairs from a model" size="xl">
      {now.stage === 'setup' && <NewPairsForm failure={now.failure} />}
      {now.stage === 'running' && <Running now={now} />}
      {now.stage === 'done' && <Done now={now} />}
    </Modal>
  );
}

function Running({ now }: { readonly now: Extract<NewPairsStage, { stage: 'running' }> }) {
  return (
    <div className="stack" style={{ gap: 'var(--s3)' }}>
      <div className="row num" role="status">
        <b className="ellipsis">{now.text === '' ? 'Getting the model ready' : now.text}</b>
        <span className="grow" />
        {now.leftMs !== null && <span className="muted">{formatDuration(now.leftMs)} left</span>}
      </div>
      <ProgressLine value={now.done === 0 ? null : now.done / now.total} label="New pairs" />
      <div className="row">
        <span className="small muted">
          Pairs are queued as they come; going on later leaves out the prompts that are done.
        </span>
        <span className="grow" />
        <Button loading={now.stopping} onClick={stopNewPairs}>
          Stop
        </Button>
        <Button onClick={closeNewPairs}>Go on in the background</Button>
      </div>
    </div>
  );
}

/**
 * The first of them that waits for a verdict; null where none is left. A drawing that was stopped did not say its
 * source: then the newest that a policy wrote.
 */
async function firstUnlabelled(sourceId: number | null): Promise<number | null> {
  const written = async () => {
    const sources = await client.library.sources();
    return Math.max(...sources.filter(({ format }) => format === 'generated').map(({ id }) => id));
  };
  const source = sourceId ?? (await written());
  if (!Number.isFinite(source)) return null;
  const filter = { text: '', sourceId: source, status: 'unlabelled' as const };
  const [row] = await client.library.rows({ ...filter, offset: 0, limit: 1 });
  return row?.id ?? null;
}

function Done({ now }: { readonly now: Extract<NewPairsStage, { stage: 'done' }> }) {
  const label = useMutation({
    mutationFn: () => firstUnlabelled(now.sourceId),
    onSuccess: (pairId) => {
      closeNewPairs();
      navigate('annotate', pairId === null ? {} : { pair: String(pairId) });
    },
    onError: (error) => notifyFailure(failureOf(error)),
  });
  return (
    <div className="stack" style={{ gap: 'var(--s3)' }}>
      <div className="row" role="status">
        <IconCircleCheck size={18} color="var(--good)" aria-hidden="true" />
        <span className="num">
          {now.stopped && 'Stopped. '}
          {now.pairs === null ? (
            'The pairs drawn so far are in the labelling queue.'
          ) : (
            <>
              <b>{plural(now.pairs, 'new pair')}</b> in the labelling queue
              {now.identical > 0 &&
                `; ${plural(now.identical, 'other')} left out, both replies being the same text or one empty`}
              .
            </>
          )}
        </span>
      </div>
      <div className="row">
        <span className="grow" />
        <Button onClick={newPairsAgain}>Draw more</Button>
        <Button variant="filled" loading={label.isPending} onClick={() => label.mutate()}>
          Label them next
        </Button>
      </div>
    </div>
  );
}
