import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { namedStart, startOfRun } from '#core/startFrom.ts';
import type { Run } from '#shared/entities.ts';
import { api } from '../../../api/client.ts';
import { FolderField } from '../../../components/FolderField.tsx';
import { useRuns } from '../useRuns.ts';
import css from './form.module.css';

interface Props {
  readonly modelId: number | null;
  /** As the settings name it; empty for the model itself. */
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly problem: string | undefined;
}

const FOLDER = 'folder';

/** Checkpoints of a model's runs that hold an adapter. */
const startsOf = (runs: readonly Run[], modelId: number | null) =>
  runs
    .filter((run) => run.modelId === modelId && run.config.trainable === 'lora')
    .flatMap(({ id, name, checkpoints }) =>
      checkpoints.map(({ kind, step }) => ({
        value: startOfRun(id, kind),
        label: `${name}, ${kind} checkpoint (step ${step})`,
      })),
    );

/** What rests in the model's weights before anything trains: nothing, an earlier run's adapter, or one of PEFT's. */
export function StartField({ modelId, value, onValue, problem }: Props) {
  const runs = useRuns();
  const [choosesFolder, setChoosesFolder] = useState(false);
  const host = useQuery(api.app.info.queryOptions({ staleTime: Number.POSITIVE_INFINITY })).data?.host;
  const starts = startsOf(runs.data ?? [], modelId);
  const isFolder = value === '' ? choosesFolder : namedStart(value).kind === 'folder';
  const isGone = value !== '' && !isFolder && !starts.some((start) => start.value === value);
  if (starts.length === 0 && host === 'browser' && value === '') return null;
  return (
    <div className={css.start}>
      <NativeSelect
        label="Start from"
        description="An adapter or an earlier run rests in the model’s weights, and the objective compares with both together. Its codes are not taken over."
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        error={problem}
        value={isFolder ? FOLDER : value}
        data={[
          { value: '', label: 'The model itself' },
          ...starts,
          ...(isGone ? [{ value, label: 'A run of another model' }] : []),
          ...(host === 'browser' ? [] : [{ value: FOLDER, label: 'A folder with a PEFT adapter…' }]),
        ]}
        onChange={({ currentTarget }) => {
          setChoosesFolder(currentTarget.value === FOLDER);
          onValue(currentTarget.value === FOLDER ? '' : currentTarget.value);
        }}
      />
      {isFolder && (
        <FolderField
          label="Folder of the adapter"
          placeholder="/adapters/helpful-lora"
          path={value}
          onPath={onValue}
        />
      )}
    </div>
  );
}
