import { Button, Modal } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { formatCount, formatDuration, plural } from '../../format.ts';
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
  const left = now.leftMs === null ? '' : ` · ${formatDuration(now.leftMs)} left`;
  return (
    <div className="stack" style={{ gap: 'var(--s3)' }}>
      <div className="row num" role="status">
        <b className="ellipsis">{now.text === '' ? 'Getting the model ready' : now.text}</b>
        <span className="grow" />
        <span className="muted">
          {formatCount(now.done)} of {formatCount(now.total)} prompts{left}
        </span>
      </div>
      <ProgressLine value={now.done === 0 ? null : now.done / now.total} label="New pairs" />
      <div className="row">
        <span className="small muted">Going on later leaves out the prompts that are done.</span>
        <span className="grow" />
        <Button loading={now.stopping} onClick={stopNewPairs}>
          Stop
        </Button>
        <Button onClick={closeNewPairs}>Go on in the background</Button>
      </div>
    </div>
  );
}

function Done({ now }: { readonly now: Extract<NewPairsStage, { stage: 'done' }> }) {
  return (
    <div className="stack" style={{ gap: 'var(--s3)' }}>
      <div className="row" role="status">
        <IconCircleCheck size={18} color="var(--good)" aria-hidden="true" />
        <span className="num">
          {now.stopped && 'Stopped. '}
          {now.pairs === null ? (
            'The replies drawn so far are kept for when you go on.'
          ) : (
            <>
              <b>{plural(now.pairs, 'new pair')}</b> in the labelling queue
              {now.identical > 0 &&
                `; ${plural(now.identical, 'prompt')} left out, since the replies were the same text`}
              .
            </>
          )}
        </span>
      </div>
      <div className="row">
        <span className="grow" />
        <Button onClick={newPairsAgain}>Draw more</Button>
        <Button
          variant="filled"
          onClick={() => {
            closeNewPairs();
            navigate('annotate');
          }}
        >
          Label them next
        </Button>
      </div>
    </div>
  );
}
