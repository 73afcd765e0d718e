import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { Failure } from '#core/result.ts';
import type { Download } from '#shared/policyEntities.ts';
import { api } from '../../api/client.ts';
import { queryClient } from '../../api/queryClient.ts';
import { Chip } from '../../components/Chip.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { useProject } from '../../state/project.ts';
import { navigate } from '../../state/screen.ts';
import { downloadLine, STATE_LOOKS, shareOf } from './hubWords.ts';
import css from './models.module.css';

const refresh = () => queryClient.invalidateQueries({ queryKey: api.hub.downloads.key() });

/** One download: how far it is, and what can be done about it. */
export function DownloadItem({ download }: { readonly download: Download }) {
  const { id, repo, revision, folder, state, failure, modelId } = download;
  const pause = useMutation(api.hub.pause.mutationOptions({ onSettled: refresh }));
  const resume = useMutation(api.hub.resume.mutationOptions({ onSettled: refresh }));
  const remove = useMutation(api.hub.remove.mutationOptions({ onSettled: refresh }));
  const project = useProject();
  const shelve = useMutation(
    api.models.add.mutationOptions({
      onSuccess: () =>
        Promise.all([refresh(), queryClient.invalidateQueries({ queryKey: api.models.key() })]),
    }),
  );
  const moving = state === 'running' || state === 'checking';
  const look = STATE_LOOKS[state];
  return (
    <li className={css.item}>
      <div className={css.head}>
        <b className="ellipsis">{repo}</b>
        {revision !== 'main' && <span className="small muted mono ellipsis">{revision}</span>}
        <Chip tone={look.tone}>{look.label}</Chip>
        <span className="grow" />
        {state === 'running' && (
          <Button size="compact-xs" loading={pause.isPending} onClick={() => pause.mutate({ id })}>
            Pause
          </Button>
        )}
        {(state === 'paused' || state === 'failed') && (
          <Button size="compact-xs" loading={resume.isPending} onClick={() => resume.mutate({ id })}>
            {state === 'failed' ? 'Try again' : 'Resume'}
          </Button>
        )}
        {state === 'done' && modelId === null && project && (
          <Button
            size="compact-xs"
            loading={shelve.isPending}
            onClick={() => shelve.mutate({ path: folder })}
          >
            Add to models
          </Button>
        )}
        {modelId !== null && (
          <Button size="compact-xs" onClick={() => navigate('playground', { model: String(modelId) })}>
            Talk to it
          </Button>
        )}
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          title={
            state === 'done' ? 'Removes it from this list; the model stays' : 'Deletes what was downloaded'
          }
          loading={remove.isPending}
          onClick={() => remove.mutate({ id })}
        >
          {state === 'done' ? 'Remove from list' : 'Remove'}
        </Button>
      </div>
      {state !== 'done' && (
        <ProgressLine value={shareOf(download) ?? (moving ? null : 0)} label={`${repo}: ${look.label}`} />
      )}
      <span className="small muted num">{downloadLine(download)}</span>
      {state === 'done' && <span className={`small faint mono ${css.path}`}>{folder}</span>}
      {failure !== null && <FailureLine failure={failure as Failure} />}
      <ErrorCard error={pause.error ?? resume.error ?? remove.error ?? shelve.error} />
    </li>
  );
}

function FailureLine({ failure: { message, fix, code } }: { readonly failure: Failure }) {
  return (
    <p className={css.failure} role="alert">
      <b>{message}</b> {fix} <span className="small faint mono">{code}</span>
    </p>
  );
}
