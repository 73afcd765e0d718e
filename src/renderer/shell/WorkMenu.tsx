import { Button, Popover } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Work } from '#shared/work.ts';
import { api } from '../api/client.ts';
import { failureOf } from '../api/failureOf.ts';
import { notifyFailure } from '../components/notify.tsx';
import { Popup } from '../components/Popup.tsx';
import { ProgressLine } from '../components/ProgressLine.tsx';
import { shareDone, shownWork, workLine } from '../features/train/workWords.ts';
import { plural } from '../format.ts';
import { useWork } from '../state/work.ts';
import css from './shell.module.css';

const AGE_MS = 500;

/** All that is going on, with how far it is; each can be ended, and what waits be put first or last. */
export function WorkMenu() {
  const list = useWork(({ list: all }) => all);
  const [now, setNow] = useState(Date.now);
  const [opened, setOpened] = useState(false);
  const any = list.length > 0;
  useEffect(() => {
    if (!any) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), AGE_MS);
    return () => clearInterval(timer);
  }, [any]);
  const shown = shownWork(list, now);
  return (
    <Popup position="top-start" width={420} opened={opened} onClose={() => setOpened(false)}>
      <Popover.Target>
        <button
          type="button"
          className={css.work}
          aria-haspopup="dialog"
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          {shown.length === 0 ? 'No jobs' : plural(shown.length, 'job')}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={css.workList} role="dialog" aria-label="Jobs">
        {shown.length === 0 ? (
          <p className="small muted">
            Nothing is being computed. Training, codes, estimates, replies, exports and searches are listed
            here while they work.
          </p>
        ) : (
          <ul aria-label="Jobs">
            {shown.map((work) => (
              <Item key={work.id} work={work} />
            ))}
          </ul>
        )}
      </Popover.Dropdown>
    </Popup>
  );
}

const onError = (error: unknown): void => notifyFailure(failureOf(error));

function Item({ work }: { readonly work: Work }) {
  const { id, title, state, priority, training } = work;
  const cancel = useMutation(api.work.cancel.mutationOptions({ onError }));
  const prioritise = useMutation(api.work.prioritise.mutationOptions({ onError }));
  const line = workLine(work);
  return (
    <li>
      <div className="row">
        <b className="ellipsis">{title}</b>
        <span className="grow" />
        {state === 'waiting' && (
          <Button
            size="compact-xs"
            onClick={() => prioritise.mutate({ id, priority: priority === 'first' ? 'last' : 'first' })}
          >
            {priority === 'first' ? 'Put last' : 'Put first'}
          </Button>
        )}
        <Button
          size="compact-xs"
          aria-label={training ? `Stop ${title} and save` : `Cancel ${title}`}
          disabled={state === 'cancelling'}
          onClick={() => cancel.mutate({ id })}
        >
          {training ? 'Stop and save' : 'Cancel'}
        </Button>
      </div>
      {state !== 'waiting' && <ProgressLine value={shareDone(work)} label={`${title}: ${line}`} />}
      <span className="small muted num">{line}</span>
    </li>
  );
}
