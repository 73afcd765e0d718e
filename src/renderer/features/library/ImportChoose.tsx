import { Button, FileButton, TextInput } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Failure } from '#core/result.ts';
import { api } from '../../api/client.ts';
import { ErrorCard, FailureCard } from '../../components/FailureCard.tsx';
import { previewFiles, previewPaths } from './importStore.ts';
import css from './library.module.css';

/** Files by dialog or drop, in the window also by a path and by folder; a browser sends them. */
export function ImportChoose({ failure }: { readonly failure: Failure | null }) {
  const [path, setPath] = useState('');
  const info = useQuery(api.app.info.queryOptions({ staleTime: Number.POSITIVE_INFINITY }));
  const pick = useMutation(
    api.app.pickFiles.mutationOptions({
      onSuccess: (picked) => (picked.length === 0 ? undefined : previewPaths(picked)),
    }),
  );
  return (
    <div className="stack" style={{ gap: 'var(--s4)' }}>
      {failure !== null && <FailureCard failure={failure} />}
      <ErrorCard error={pick.error} />
      <div className={css.choose}>
        <IconFileUpload size={28} stroke={1.4} aria-hidden="true" />
        <span>
          Drop files here: JSON Lines, JSON, CSV, TSV, Parquet or Arrow, each also as gz, zst or zip
        </span>
        {info.data?.host === 'window' ? (
          <div className="row">
            <Button variant="filled" data-autofocus onClick={() => pick.mutate({ what: 'files' })}>
              Choose files…
            </Button>
            <Button onClick={() => pick.mutate({ what: 'folder' })}>Choose a folder…</Button>
          </div>
        ) : (
          <FileButton multiple onChange={(files) => void previewFiles(files)}>
            {(props) => (
              <Button variant="filled" data-autofocus {...props}>
                Choose files…
              </Button>
            )}
          </FileButton>
        )}
      </div>
      {info.data?.host === 'window' && (
        <form
          className="row"
          style={{ alignItems: 'flex-end' }}
          onSubmit={(event) => {
            event.preventDefault();
            if (path.trim() !== '') void previewPaths([path.trim()]);
          }}
        >
          <TextInput
            className="grow"
            label="Or the path of a file or a folder"
            placeholder="/home/me/pairs.jsonl.gz"
            value={path}
            onChange={(event) => setPath(event.currentTarget.value)}
          />
          <Button type="submit" disabled={path.trim() === ''}>
            Preview
          </Button>
        </form>
      )}
      <p className="small muted" style={{ margin: 0 }}>
        Shapes are told by their fields: chosen and rejected, replies A and B with or without a verdict,
        rankings, KTO, and the exports of annotation tools. Nothing is added before you have seen the preview.
      </p>
    </div>
  );
}
