import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ElsewhereJob } from '#shared/jobContract.ts';
import { api } from '../../../api/client.ts';
import { ErrorCard } from '../../../components/FailureCard.tsx';
import { RayForm } from './RayForm.tsx';
import { RayJob } from './RayJob.tsx';

/** Jobs of the project that can be sent to a Ray cluster or were; `onTake` is handed the result folder of one. */
export function JobsElsewhere({ onTake }: { readonly onTake: (out: string) => void }) {
  const jobs = useQuery(api.jobs.list.queryOptions());
  const [opened, setOpened] = useState<string | null>(null);
  if (jobs.data === undefined || jobs.data.length === 0) return <ErrorCard error={jobs.error} />;
  return (
    <section className="stack" style={{ gap: 'var(--s2)' }} aria-label="Jobs of this project">
      <h3 className="label" style={{ margin: 0 }}>
        Jobs of this project
      </h3>
      {jobs.data.map((job) => (
        <Row
          key={job.id}
          job={job}
          isOpen={opened === job.id}
          onOpen={(isOpen) => setOpened(isOpen ? job.id : null)}
          onTake={onTake}
        />
      ))}
    </section>
  );
}

interface RowProps {
  readonly job: ElsewhereJob;
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
  readonly onTake: (out: string) => void;
}

function Row({ job, isOpen, onOpen, onTake }: RowProps) {
  const { ray } = job;
  const [isSending, setSending] = useState(ray === null);
  return (
    <div className="stack" style={{ gap: 'var(--s2)' }}>
      <div className="row">
        <span className="grow" style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
          {job.name} <span className="small muted">{job.made.slice(0, 10)}</span>
        </span>
        {ray !== null && (
          <Button size="xs" onClick={() => onTake(ray.out)}>
            Name its result
          </Button>
        )}
        {(ray !== null || job.folder !== null) && (
          <Button size="xs" aria-expanded={isOpen} onClick={() => onOpen(!isOpen)}>
            {ray === null ? 'Send to Ray…' : 'On Ray'}
          </Button>
        )}
      </div>
      {isOpen && !isSending && <RayJob job={job} onAgain={() => setSending(true)} />}
      {isOpen && isSending && (
        <RayForm
          jobId={job.id}
          onSent={() => setSending(false)}
          onCancel={() => (ray === null ? onOpen(false) : setSending(false))}
        />
      )}
    </div>
  );
}
