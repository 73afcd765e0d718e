import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Model } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { queryClient } from '../../api/queryClient.ts';
import { Elapsed } from '../../components/Elapsed.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { FolderField } from '../../components/FolderField.tsx';

/** A folder in Hugging Face layout, by dialog or by path; it is used where it lies. */
export function AddModel({ onAdded }: { readonly onAdded?: (model: Model) => void }) {
  const [path, setPath] = useState('');
  const [startedAt, setStartedAt] = useState(0);
  const add = useMutation(
    api.models.add.mutationOptions({
      onSuccess: async (model) => {
        await queryClient.invalidateQueries({ queryKey: api.models.key() });
        setPath('');
        onAdded?.(model);
      },
    }),
  );
  const host = useQuery(api.app.info.queryOptions({ staleTime: Number.POSITIVE_INFINITY })).data?.host;
  if (host === 'browser') {
    return (
      <p className="small muted" style={{ margin: 0 }}>
        From a browser models are added by download. One that lies on the machine is added there:{' '}
        <span className="mono">facet models add FOLDER --project PROJECT</span>
      </p>
    );
  }
  const submit = () => {
    if (path.trim() === '' || add.isPending) return;
    setStartedAt(performance.now());
    add.mutate({ path: path.trim() });
  };
  return (
    <div className="stack">
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <div className="grow">
          <FolderField
            purpose="model"
            label="Add a model folder"
            description="As the hub has it (config, tokenizer, safetensors), or a .gguf file. Used where it is."
            placeholder="/models/SmolLM2-135M-Instruct"
            path={path}
            onPath={setPath}
          />
        </div>
        <Button disabled={path.trim() === ''} loading={add.isPending} onClick={submit}>
          Add
        </Button>
      </div>
      {add.isPending && (
        <span className="small muted" role="status">
          Checking every tensor… <Elapsed since={startedAt} />
        </span>
      )}
      {add.isSuccess && (
        <span className="small" role="status">
          {add.data.name} was added.
        </span>
      )}
      <ErrorCard error={add.error} />
    </div>
  );
}
