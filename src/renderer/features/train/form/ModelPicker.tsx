import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Model } from '#shared/entities.ts';
import { api } from '../../../api/client.ts';
import { Chip } from '../../../components/Chip.tsx';
import { ErrorCard } from '../../../components/FailureCard.tsx';
import { formatBytes, formatParameters } from '../../../format.ts';
import styles from './form.module.css';

interface ModelPickerProps {
  readonly models: readonly Model[];
  readonly modelId: number | null;
  readonly onModel: (modelId: number) => void;
}

export function ModelPicker({ models, modelId, onModel }: ModelPickerProps) {
  return (
    <>
      <div className={styles.cards}>
        {models.map((model) => (
          <button
            key={model.id}
            type="button"
            className={styles.card}
            aria-pressed={model.id === modelId}
            disabled={!model.exists}
            onClick={() => onModel(model.id)}
          >
            <span className="row">
              <b className="ellipsis">{model.name}</b>
              {model.bundled && <Chip tone="accent">bundled</Chip>}
              {!model.exists && <Chip tone="bad">folder is gone</Chip>}
            </span>
            <span className="small muted num">{modelWords(model)}</span>
            {!model.bundled && <span className="small faint">{model.path}</span>}
          </button>
        ))}
      </div>
      <AddModel onAdded={onModel} />
    </>
  );
}

const modelWords = ({ info }: Model): string =>
  [
    `${formatParameters(info.parameters)} parameters`,
    `${info.layers} layers × ${info.hiddenSize}`,
    `${info.contextLength} tokens`,
    `${info.dtype}, ${formatBytes(info.bytes)}`,
    ...(info.chatTemplate ? [] : ['no chat template']),
  ].join(' · ');

/** A folder with `config.json`, `tokenizer.json` and `model.safetensors`, by dialog or by path. */
function AddModel({ onAdded }: { readonly onAdded: (modelId: number) => void }) {
  const [path, setPath] = useState('');
  const queries = useQueryClient();
  const host = useQuery(api.app.info.queryOptions()).data?.host;
  const add = useMutation(
    api.models.add.mutationOptions({
      onSuccess: async (model) => {
        await queries.invalidateQueries({ queryKey: api.models.key() });
        setPath('');
        onAdded(model.id);
      },
    }),
  );
  const browse = useMutation(
    api.app.pickFile.mutationOptions({
      onSuccess: (picked) => picked !== null && add.mutate({ path: picked }),
    }),
  );
  return (
    <>
      <div className={styles.line} style={{ marginTop: 'var(--s3)' }}>
        <TextInput
          style={{ flex: 1, minWidth: '14rem', maxWidth: '30rem' }}
          label="Add a model folder"
          description="Llama family in Hugging Face layout: config.json, tokenizer.json, model.safetensors."
          placeholder="/models/SmolLM2-135M-Instruct"
          value={path}
          onChange={({ currentTarget }) => setPath(currentTarget.value)}
        />
        {host === 'window' && (
          <Button loading={browse.isPending} onClick={() => browse.mutate({ purpose: 'model' })}>
            Browse…
          </Button>
        )}
        <Button
          disabled={path.trim() === ''}
          loading={add.isPending}
          onClick={() => add.mutate({ path: path.trim() })}
        >
          Add
        </Button>
      </div>
      <ErrorCard error={add.error ?? browse.error} />
    </>
  );
}
