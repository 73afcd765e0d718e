import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Backup } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { formatBytes, formatMoment } from '../../format.ts';
import { projectReplaced } from '../../state/project.ts';
import css from './backups.module.css';

const KINDS: Readonly<Record<Backup['kind'], string>> = {
  scheduled: 'Backup',
  'before-upgrade': 'Before an upgrade',
  replaced: 'Replaced by a backup',
};

interface Props {
  /** Null: of the open project. */
  readonly path: string | null;
  readonly onRestored?: () => void;
}

/** Copies to go back to, the newest first. Going back asks once more, in place. */
export function BackupList({ path, onRestored }: Props) {
  const list = useQuery(api.project.backups.queryOptions({ input: { path } }));
  const [asked, setAsked] = useState<string | null>(null);
  const restore = useMutation(
    api.project.restore.mutationOptions({
      onSuccess: async (project) => {
        await projectReplaced(project);
        onRestored?.();
      },
      onSettled: () => setAsked(null),
    }),
  );
  if (list.data === undefined) return <ErrorCard error={list.error} onRetry={() => void list.refetch()} />;
  const { backups, problem } = list.data;
  return (
    <>
      {problem !== null && <ErrorCard error={problem} />}
      <ErrorCard error={restore.error} />
      {backups.length === 0 && <p className="small muted">There is no backup yet.</p>}
      <ul className={css.list}>
        {backups.map(({ name, kind, at, bytes }) => (
          <li key={name}>
            <span className="num">{formatMoment(at)}</span>
            <span className="small muted">
              {KINDS[kind]} · <span className="num">{formatBytes(bytes)}</span>
            </span>
            <span className="grow" />
            {asked === name ? (
              <>
                <Button size="compact-xs" variant="default" onClick={() => setAsked(null)}>
                  Cancel
                </Button>
                <Button
                  size="compact-xs"
                  autoFocus
                  loading={restore.isPending}
                  onClick={() => restore.mutate({ path, backup: name })}
                >
                  Replace the project
                </Button>
              </>
            ) : (
              <Button
                size="compact-xs"
                variant="default"
                disabled={restore.isPending}
                aria-label={`Go back to ${formatMoment(at)}`}
                onClick={() => setAsked(name)}
              >
                Go back to it
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
