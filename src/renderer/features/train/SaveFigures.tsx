import { Button, Modal, NativeSelect } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FigureFormat } from '#core/runFigures.ts';
import type { Run } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { FolderField } from '../../components/FolderField.tsx';
import { plural } from '../../format.ts';
import formCss from './form/form.module.css';

const FORMATS: readonly { readonly value: FigureFormat; readonly label: string }[] = [
  { value: 'csv', label: 'CSV, a row for each step and evaluation' },
  { value: 'json', label: 'JSON, as log_history of a trainer_state.json' },
  { value: 'jsonl', label: 'JSON Lines' },
  { value: 'tensorboard', label: 'Event file of TensorBoard' },
];

/** Everything that the run's charts draw, as a file. */
export function SaveFigures({ run }: { readonly run: Run }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="xs" onClick={open}>
        Save figures…
      </Button>
      <Modal opened={opened} onClose={close} title={`Save the figures of ${run.name}`} size="lg">
        <SaveForm run={run} onClose={close} />
      </Modal>
    </>
  );
}

function SaveForm({ run, onClose }: { readonly run: Run; readonly onClose: () => void }) {
  const info = useQuery(api.app.info.queryOptions({ staleTime: Number.POSITIVE_INFINITY }));
  const [format, setFormat] = useState<FigureFormat>('csv');
  const [typed, setTyped] = useState<string | null>(null);
  const save = useMutation(api.runs.saveFigures.mutationOptions());
  const parent = typed ?? info.data?.homeFolder ?? '';
  return (
    <form
      className="stack"
      style={{ gap: 'var(--s4)' }}
      onSubmit={(event) => {
        event.preventDefault();
        if (parent.trim() !== '' && !save.isPending)
          save.mutate({ runId: run.id, format, parent: parent.trim() });
      }}
    >
      <NativeSelect
        label="Format"
        value={format}
        data={[...FORMATS]}
        onChange={({ currentTarget }) => {
          save.reset();
          setFormat(currentTarget.value as FigureFormat);
        }}
      />
      {info.data?.host === 'browser' ? (
        <p className="small muted" style={{ margin: 0 }}>
          It is written beside the project, on the machine that serves this page.
        </p>
      ) : (
        <FolderField
          label="Folder"
          description="A new file is created in it; nothing that exists is replaced."
          path={parent}
          onPath={setTyped}
        />
      )}
      <ErrorCard error={save.error} />
      {save.data && <code className={`mono ${formCss.folder}`}>{save.data.path}</code>}
      <div className="row">
        <span className="small muted" role="status">
          {save.data
            ? `${plural(save.data.entries, 'step and evaluation', 'steps and evaluations')} written.`
            : 'All reported steps and evaluations, under the names of TRL.'}
        </span>
        <span className="grow" />
        <Button onClick={onClose}>{save.data ? 'Done' : 'Cancel'}</Button>
        <Button
          type="submit"
          variant="filled"
          loading={save.isPending}
          disabled={parent.trim() === '' || save.data !== undefined}
        >
          Save
        </Button>
      </div>
    </form>
  );
}
