import { Button, Checkbox, NumberInput, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ElsewhereJob, RaySettings } from '#shared/jobContract.ts';
import { api } from '../../../api/client.ts';
import { Elapsed } from '../../../components/Elapsed.tsx';
import { ErrorCard } from '../../../components/FailureCard.tsx';

interface Props {
  readonly jobId: string;
  readonly onSent: (job: ElsewhereJob) => void;
  readonly onCancel: () => void;
}

/** Sends a job to a Ray cluster. */
export function RayForm(props: Props) {
  const settings = useQuery(api.jobs.raySettings.queryOptions());
  if (settings.data === undefined) return <ErrorCard error={settings.error} />;
  return <Fields {...props} settings={settings.data} />;
}

function Fields({ jobId, onSent, onCancel, settings }: Props & { readonly settings: RaySettings }) {
  const queries = useQueryClient();
  const [address, setAddress] = useState(settings.address ?? '');
  const [token, setToken] = useState('');
  const [out, setOut] = useState('');
  const [workers, setWorkers] = useState(1);
  const [gpu, setGpu] = useState(true);
  const [half, setHalf] = useState(true);
  const [startedAt, setStartedAt] = useState(0);
  const send = useMutation(
    api.jobs.submit.mutationOptions({
      onSuccess: async (job) => {
        await queries.invalidateQueries({ queryKey: api.jobs.key() });
        onSent(job);
      },
    }),
  );
  const ready = address.trim() !== '' && out.trim() !== '';
  return (
    <form
      className="stack"
      style={{ gap: 'var(--s3)' }}
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready || send.isPending) return;
        setStartedAt(performance.now());
        send.mutate({
          id: jobId,
          address: address.trim(),
          ...(token.trim() !== '' && { token: token.trim() }),
          workers,
          gpu,
          precision: half ? 'bfloat16' : 'float32',
          out: out.trim(),
        });
      }}
    >
      <TextInput
        label="Address of the cluster’s dashboard"
        placeholder="http://localhost:8265"
        spellCheck={false}
        autoComplete="off"
        required
        data-autofocus
        value={address}
        onChange={({ currentTarget }) => setAddress(currentTarget.value)}
      />
      <PasswordInput
        label="Token"
        description={
          settings.tokenProblem ??
          'Only where the cluster asks for one. It is kept in the system’s key store.'
        }
        placeholder={settings.hasToken ? 'The one that is kept' : ''}
        autoComplete="off"
        disabled={settings.tokenProblem !== null}
        value={token}
        onChange={({ currentTarget }) => setToken(currentTarget.value)}
      />
      <TextInput
        label="Result folder"
        description="Every worker has to be able to write to it: a disk that they share."
        placeholder="/shared/result"
        spellCheck={false}
        autoComplete="off"
        required
        value={out}
        onChange={({ currentTarget }) => setOut(currentTarget.value)}
      />
      <div className="row" style={{ alignItems: 'flex-end', flexWrap: 'wrap' }}>
        <NumberInput
          label="Workers"
          min={1}
          max={4096}
          allowDecimal={false}
          w="7rem"
          value={workers}
          onChange={(value) => setWorkers(Math.max(1, Number(value) || 1))}
        />
        <Checkbox
          label="One GPU a worker"
          checked={gpu}
          onChange={({ currentTarget }) => setGpu(currentTarget.checked)}
        />
        <Checkbox
          label="bfloat16"
          checked={half}
          onChange={({ currentTarget }) => setHalf(currentTarget.checked)}
        />
      </div>
      <ErrorCard error={send.error} />
      <div className="row">
        <span className="small muted" role="status">
          {send.isPending && (
            <>
              Sending the folder… <Elapsed since={startedAt} />
            </>
          )}
        </span>
        <span className="grow" />
        <Button onClick={onCancel}>Back</Button>
        <Button type="submit" variant="filled" loading={send.isPending} disabled={!ready}>
          Send
        </Button>
      </div>
    </form>
  );
}
