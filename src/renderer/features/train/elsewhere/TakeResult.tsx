import { Button, FileButton, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFileUpload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Run } from '#shared/entities.ts';
import { api, client } from '../../../api/client.ts';
import { upload } from '../../../api/upload.ts';
import { Elapsed } from '../../../components/Elapsed.tsx';
import { ErrorCard } from '../../../components/FailureCard.tsx';
import { FolderField } from '../../../components/FolderField.tsx';
import { navigate } from '../../../state/screen.ts';
import { JobsElsewhere } from './JobsElsewhere.tsx';

/** Opens the dialog that makes a run of a job's result. */
export function TakeResult() {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button onClick={open}>Take a result…</Button>
      <Modal opened={opened} onClose={close} title="Take the result of a job" size="lg">
        <TakeForm
          onTaken={(run) => {
            close();
            navigate('train', { run: String(run.id) });
          }}
        />
      </Modal>
    </>
  );
}

function TakeForm({ onTaken }: { readonly onTaken: (run: Run) => void }) {
  const host = useQuery(api.app.info.queryOptions({ staleTime: Number.POSITIVE_INFINITY })).data?.host;
  const queries = useQueryClient();
  const [path, setPath] = useState('');
  const [startedAt, setStartedAt] = useState(0);
  const take = useMutation({
    mutationFn: async (given: string | File) => {
      setStartedAt(performance.now());
      return client.jobs.take({ path: typeof given === 'string' ? given : await upload(given, null) });
    },
    onSuccess: async (run) => {
      await queries.invalidateQueries({ queryKey: api.runs.key() });
      onTaken(run);
    },
  });
  const pick = useMutation(
    api.app.pickFile.mutationOptions({ onSuccess: (picked) => picked !== null && setPath(picked) }),
  );
  return (
    <div className="stack" style={{ gap: 'var(--s5)' }}>
      <form
        className="stack"
        style={{ gap: 'var(--s4)' }}
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim() !== '' && !take.isPending) take.mutate(path.trim());
        }}
      >
        <p className="small muted" style={{ margin: 0 }}>
          Every file is checked first; where anything is missing or changed, nothing is taken. The result of a
          job that still runs can be taken again: the same run is brought up to date.
        </p>
        {host === 'browser' ? (
          <FileButton accept=".zip" disabled={take.isPending} onChange={(file) => file && take.mutate(file)}>
            {(props) => (
              <Button
                variant="filled"
                leftSection={<IconFileUpload size={16} />}
                loading={take.isPending}
                {...props}
              >
                Choose result.zip…
              </Button>
            )}
          </FileButton>
        ) : (
          <>
            <FolderField
              label="result.zip, or the folder result"
              placeholder="/home/me/job/result.zip"
              path={path}
              onPath={setPath}
            />
            <div className="row">
              <Button loading={pick.isPending} onClick={() => pick.mutate({ purpose: 'result' })}>
                Choose result.zip…
              </Button>
              <span className="grow" />
              <Button type="submit" variant="filled" loading={take.isPending} disabled={path.trim() === ''}>
                Take
              </Button>
            </div>
          </>
        )}
        <span className="small muted" role="status">
          {take.isPending && (
            <>
              Checking and copying… <Elapsed since={startedAt} />
            </>
          )}
        </span>
        <ErrorCard error={pick.error ?? take.error} />
      </form>
      {host === 'window' && <JobsElsewhere onTake={setPath} />}
    </div>
  );
}
