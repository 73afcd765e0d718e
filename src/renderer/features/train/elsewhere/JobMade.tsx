import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ElsewhereJob, MadeJob } from '#shared/jobContract.ts';
import { api } from '../../../api/client.ts';
import { plural } from '../../../format.ts';
import formCss from '../form/form.module.css';
import { RayForm } from './RayForm.tsx';
import { RayJob } from './RayJob.tsx';

/** The commonest of what the folder's own README says. */
const COMMANDS = [
  ['Once', 'pip install -r requirements.txt && python train.py --check'],
  ['One machine', './run.sh --precision bfloat16'],
  ['Slurm', 'sbatch slurm.sbatch --precision bfloat16'],
  ['Ray', 'ray job submit --working-dir . -- python ray_job.py --workers 8 --gpu --out /shared/result'],
] as const;

interface Props {
  readonly job: MadeJob;
  readonly onClose: () => void;
}

/** Where the folder is, and what to type there. */
export function JobMade({ job, onClose }: Props) {
  const host = useQuery(api.app.info.queryOptions({ staleTime: Number.POSITIVE_INFINITY })).data?.host;
  const [sending, setSending] = useState(false);
  const [sent, setSent] = useState<ElsewhereJob | null>(null);
  if (sending)
    return (
      <RayForm
        jobId={job.id}
        onSent={(one) => {
          setSent(one);
          setSending(false);
        }}
        onCancel={() => setSending(false)}
      />
    );
  return (
    <div className="stack" style={{ gap: 'var(--s3)' }}>
      <div className="row" role="status">
        <IconCircleCheck size={18} color="var(--good)" aria-hidden="true" />
        <span className="num">
          {plural(job.pairs, 'pair')}, {plural(job.prompts, 'prompt')} and {plural(job.steps, 'step')},
          written to
        </span>
      </div>
      <code className={`mono ${formCss.folder}`}>{job.folder}</code>
      <p style={{ margin: 0 }}>Copy it to the other machine, and type there:</p>
      <table className={formCss.commands}>
        <tbody>
          {COMMANDS.map(([where, command]) => (
            <tr key={where}>
              <th scope="row" className="label">
                {where}
              </th>
              <td className="mono small">{command}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="small muted" style={{ margin: 0 }}>
        Its README.md says more. Bring <span className="mono">result.zip</span> back by “Take a result…”
        beside the runs; a copy of the folder <span className="mono">result</span> does as well, also while
        the job is still running.
      </p>
      {sent !== null && <RayJob job={sent} />}
      <div className="row">
        {host === 'window' && sent === null && (
          <Button onClick={() => setSending(true)}>Send to a Ray cluster…</Button>
        )}
        <span className="grow" />
        <Button onClick={() => void navigator.clipboard.writeText(job.folder)}>Copy the path</Button>
        <Button variant="filled" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}
