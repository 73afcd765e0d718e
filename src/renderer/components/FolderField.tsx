import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import { ErrorCard } from './FailureCard.tsx';

interface Props {
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly path: string;
  readonly onPath: (path: string) => void;
  /** What the system's dialog asks for. */
  readonly purpose?: 'folder' | 'model';
}

/** A folder by path; in the window also by the system's dialog. */
export function FolderField({ label, description, placeholder, path, onPath, purpose = 'folder' }: Props) {
  const host = useQuery(api.app.info.queryOptions({ staleTime: Number.POSITIVE_INFINITY })).data?.host;
  const browse = useMutation(
    api.app.pickFile.mutationOptions({ onSuccess: (picked) => picked !== null && onPath(picked) }),
  );
  return (
    <>
      <div className="row" style={{ alignItems: 'flex-end', flexWrap: 'wrap' }}>
        <TextInput
          style={{ flex: 1, minWidth: '14rem' }}
          label={label}
          description={description}
          placeholder={placeholder ?? ''}
          spellCheck={false}
          autoComplete="off"
          value={path}
          onChange={({ currentTarget }) => onPath(currentTarget.value)}
        />
        {host === 'window' && (
          <Button loading={browse.isPending} onClick={() => browse.mutate({ purpose })}>
            Browse…
          </Button>
        )}
      </div>
      <ErrorCard error={browse.error} />
    </>
  );
}
