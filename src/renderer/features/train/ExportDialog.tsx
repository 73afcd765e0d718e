import { Button, Modal, NativeSelect } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CheckpointKind } from '#core/bestCheckpoint.ts';
import { type ExportType, FORMAT_TYPES } from '#core/jobs.ts';
import type { Run } from '#shared/entities.ts';
import type { ExportFormat } from '#shared/policyEntities.ts';
import { api } from '../../api/client.ts';
import { CheckpointSelect } from '../../components/CheckpointSelect.tsx';
import { Elapsed } from '../../components/Elapsed.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { FolderField } from '../../components/FolderField.tsx';
import { ExportDone } from './ExportDone.tsx';
import { FORMATS, TYPE_WORDS, whyNotExport } from './exportFormats.ts';
import formCss from './form/form.module.css';

interface Props {
  readonly run: Run;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Writes a run as files that other tools read. */
export function ExportDialog({ run, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Take ${run.name} elsewhere`} size="lg">
      <ExportForm run={run} onClose={onClose} />
    </Modal>
  );
}

function ExportForm({ run, onClose }: Omit<Props, 'opened'>) {
  const info = useQuery(api.app.info.queryOptions({ staleTime: Number.POSITIVE_INFINITY }));
  const [format, setFormat] = useState<ExportFormat>(
    () => FORMATS.find((one) => whyNotExport(run, one.format) === null)?.format ?? 'onnx',
  );
  const [type, setType] = useState<ExportType | null>(null);
  const [checkpoint, setCheckpoint] = useState<CheckpointKind>();
  const types = FORMAT_TYPES[format];
  const [typed, setTyped] = useState<string | null>(null);
  const [startedAt, setStartedAt] = useState(0);
  const write = useMutation(api.runs.export.mutationOptions());
  const parent = typed ?? info.data?.homeFolder ?? '';
  if (write.data !== undefined)
    return <ExportDone result={write.data} onAnother={() => write.reset()} onClose={onClose} />;
  return (
    <form
      className="stack"
      style={{ gap: 'var(--s4)' }}
      onSubmit={(event) => {
        event.preventDefault();
        if (parent.trim() === '' || write.isPending) return;
        setStartedAt(performance.now());
        const chosen = type !== null && types.includes(type) ? type : undefined;
        write.mutate({ runId: run.id, format, type: chosen, checkpoint, parent: parent.trim() });
      }}
    >
      <fieldset className={formCss.formats} disabled={write.isPending}>
        <legend className="label">What to write</legend>
        {FORMATS.map((one) => {
          const whyNot = whyNotExport(run, one.format);
          return (
            <label key={one.format} className={formCss.format} data-off={whyNot !== null || undefined}>
              <input
                type="radio"
                name="format"
                value={one.format}
                checked={format === one.format}
                disabled={whyNot !== null}
                onChange={() => setFormat(one.format)}
              />
              <span>
                <b>{one.name}</b>
                <span className="small muted">{whyNot ?? one.says(run)}</span>
              </span>
            </label>
          );
        })}
      </fieldset>
      {types.length > 1 && (
        <NativeSelect
          label="Weights as"
          value={type !== null && types.includes(type) ? type : types[0]}
          data={types.map((value) => ({ value, label: TYPE_WORDS[value] }))}
          disabled={write.isPending}
          onChange={({ currentTarget }) => setType(currentTarget.value as ExportType)}
        />
      )}
      <CheckpointSelect
        label="Checkpoint"
        run={run}
        value={checkpoint}
        disabled={write.isPending}
        onChange={setCheckpoint}
      />
      {info.data?.host === 'browser' ? (
        <p className="small muted" style={{ margin: 0 }}>
          It is written to a new folder beside the project, on the machine that serves this page.
        </p>
      ) : (
        <FolderField
          label="Folder"
          description="A new folder is created in it; nothing that exists is replaced."
          path={parent}
          onPath={setTyped}
        />
      )}
      <ErrorCard error={write.error} />
      <div className="row">
        <span className="small muted" role="status">
          {write.isPending ? (
            <>
              Writing the files… <Elapsed since={startedAt} />
            </>
          ) : (
            'A model card with the run’s settings, data and figures goes with it.'
          )}
        </span>
        <span className="grow" />
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="filled" loading={write.isPending} disabled={parent.trim() === ''}>
          Write
        </Button>
      </div>
    </form>
  );
}
