import { Button, FileButton, TextInput } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Failure } from '#core/result.ts';
import { api } from '../../api/client.ts';
import { ErrorCard, FailureCard } from '../../components/FailureCard.tsx';
import { previewFile, previewPath } from './importStore.ts';
import css from './library.module.css';

/** A file by dialog, by drop, by upload or by its path. */
export function ImportChoose({ failure }: { readonly failure: Failure | null }) {
  const [path, setPath] = useState('');
  const info = useQuery(api.app.info.queryOptions({ staleTime: Number.POSITIVE_INFINITY }));
  const pick = useMutation(
    api.app.pickFile.mutationOptions({
      onSuccess: (picked) => (picked === null ? undefined : previewPath(picked)),
    }),
  );
  return (
    <div className="stack" style={{ gap: 'var(--s4)' }}>
      {failure !== null && <FailureCard failure={failure} />}
      <ErrorCard error={pick.error} />
      <div className={css.choose}>
        <IconFileUpload size={28} stroke={1.4} aria-hidden="true" />
        <span>
          Drop a file here: JSON Lines, JSON, CSV, TSV, Parquet or Arrow, each also as gz, zst or zip
        </span>
        {info.data?.host === 'window' ? (
          <Button variant="filled" data-autofocus onClick={() => pick.mutate({ purpose: 'pairs' })}>
            Browse…
          </Button>
        ) : (
          <FileButton onChange={(file) => file !== null && void previewFile(file)}>
            {(props) => (
              <Button variant="filled" data-autofocus {...props}>
                Choose a file…
              </Button>
            )}
          </FileButton>
        )}
      </div>
      <form
        className="row"
        style={{ alignItems: 'flex-end' }}
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim() !== '') void previewPath(path.trim());
        }}
      >
        <TextInput
          className="grow"
          label="Or its path"
          placeholder="/home/me/pairs.jsonl.gz"
          value={path}
          onChange={(event) => setPath(event.currentTarget.value)}
        />
        <Button type="submit" disabled={path.trim() === ''}>
          Preview
        </Button>
      </form>
      <p className="small muted" style={{ margin: 0 }}>
        Shapes are told by their fields: chosen and rejected, replies A and B with or without a verdict,
        rankings, KTO, and the exports of annotation tools. Nothing is added before you have seen the preview.
      </p>
    </div>
  );
}
