import { Button, Modal, Radio, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RunRequest } from '#shared/runQueue.ts';
import { api } from '../../../api/client.ts';
import { Elapsed } from '../../../components/Elapsed.tsx';
import { ErrorCard } from '../../../components/FailureCard.tsx';
import { FolderField } from '../../../components/FolderField.tsx';
import { JobMade } from './JobMade.tsx';

interface Props {
  readonly request: RunRequest;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Writes the run of the form as a folder that PyTorch trains on another machine. */
export function JobDialog({ request, opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Run elsewhere" size="lg">
      <JobForm request={request} onClose={onClose} />
    </Modal>
  );
}

const PLACES = [
  ['path', 'In the same folder as here', 'Its path is named in the job: a disk that both machines see.'],
  ['copy', 'In the job', 'Its files are copied into the folder.'],
  ['hub', 'On a model hub', 'That machine fetches it, with its own token where it needs one.'],
] as const;
type Place = (typeof PLACES)[number][0];

function JobForm({ request, onClose }: Omit<Props, 'opened'>) {
  const info = useQuery(api.app.info.queryOptions({ staleTime: Number.POSITIVE_INFINITY }));
  const [place, setPlace] = useState<Place>('path');
  const [repo, setRepo] = useState('');
  const [revision, setRevision] = useState('');
  const [typed, setTyped] = useState<string | null>(null);
  const [startedAt, setStartedAt] = useState(0);
  const write = useMutation(api.jobs.make.mutationOptions());
  const parent = (typed ?? info.data?.homeFolder ?? '').trim();
  const ready = parent !== '' && (place !== 'hub' || repo.trim() !== '');
  if (write.data !== undefined) return <JobMade job={write.data} onClose={onClose} />;
  return (
    <form
      className="stack"
      style={{ gap: 'var(--s4)' }}
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready || write.isPending) return;
        setStartedAt(performance.now());
        const hub = place === 'hub' ? { repo: repo.trim(), revision: revision.trim() || null } : null;
        write.mutate({ ...request, parent, hub, withModel: place === 'copy' });
      }}
    >
      <p className="small muted" style={{ margin: 0 }}>
        Facet writes a folder with the pairs, these settings and the programs. PyTorch trains it on one
        machine or many, and its result comes back here as a run.
      </p>
      <Radio.Group
        label="Where that machine finds the model"
        value={place}
        onChange={(value) => setPlace(value as Place)}
      >
        <div className="stack" style={{ gap: 'var(--s2)', marginTop: 'var(--s2)' }}>
          {PLACES.map(([value, label, description]) => (
            <Radio key={value} value={value} label={label} description={description} />
          ))}
        </div>
      </Radio.Group>
      {place === 'hub' && (
        <div className="row" style={{ alignItems: 'flex-start' }}>
          <TextInput
            className="grow"
            label="Repository"
            placeholder="organisation/name"
            spellCheck={false}
            required
            value={repo}
            onChange={({ currentTarget }) => setRepo(currentTarget.value)}
          />
          <TextInput
            className="grow"
            label="Commit"
            description="Keeps it the same model; the newest one without it."
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            spellCheck={false}
            value={revision}
            onChange={({ currentTarget }) => setRevision(currentTarget.value)}
          />
        </div>
      )}
      {info.data?.host === 'browser' ? (
        <p className="small muted" style={{ margin: 0 }}>
          It is written to a new folder beside the project, on the machine that serves this page.
        </p>
      ) : (
        <FolderField
          label="Folder"
          description="A new folder is created in it; nothing that exists is replaced."
          path={typed ?? info.data?.homeFolder ?? ''}
          onPath={setTyped}
        />
      )}
      <ErrorCard error={write.error} />
      <div className="row">
        <span className="small muted" role="status">
          {write.isPending ? (
            <>
              Writing the folder… <Elapsed since={startedAt} />
            </>
          ) : (
            'No token and no password is in it.'
          )}
        </span>
        <span className="grow" />
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="filled" loading={write.isPending} disabled={!ready}>
          Write the folder
        </Button>
      </div>
    </form>
  );
}
