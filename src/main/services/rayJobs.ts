/** Jobs on a Ray cluster: sent there, watched and stopped. */
import { randomBytes } from 'node:crypto';
import { FacetError } from '#core/result.ts';
import type { ElsewhereJob, RayOptions, RaySettings, RayStatus } from '#shared/jobContract.ts';
import type { KeyStore } from '../hub/keyStore.ts';
import { type JobRecord, listJobRecords, readJobRecord, saveJobRecord } from '../job/jobRecord.ts';
import { checkedRayAddress } from '../job/ray/rayAddress.ts';
import { type RayClient, rayClient } from '../job/ray/rayClient.ts';
import { rayPackage } from '../job/ray/rayPackage.ts';
import { raySettings } from '../job/ray/raySettings.ts';
import type { CurrentProject, OpenProject } from './OpenProject.ts';

/** Of the log, what is shown. */
const LAST_LINES = 200;

export interface RayJobs {
  settings(): RaySettings;
  /** Jobs of the project, newest first. */
  list(): Promise<ElsewhereJob[]>;
  /** Sends a job's folder to a cluster and starts it there. Throws `job.…`, `ray.…`. */
  submit(id: string, options: RayOptions): Promise<ElsewhereJob>;
  /** Throws `job.…`, `ray.…`. */
  status(id: string): Promise<RayStatus>;
  /** Asks the cluster to end the job at once; its last checkpoint is kept. Throws `job.…`, `ray.…`. */
  stop(id: string): Promise<void>;
}

const described = ({ id, name, made, pairs, config, folder, runId, ray }: JobRecord): ElsewhereJob => ({
  id,
  name,
  made,
  pairs,
  steps: config.steps,
  folder,
  runId,
  ray,
});

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** What the cluster types. */
function entrypointOf({ workers, gpu, precision, out }: RayOptions): string {
  const options = ['--workers', String(workers), ...(gpu ? ['--gpu'] : []), '--precision', precision];
  return ['python', 'ray_job.py', ...options, '--out', quoted(out)].join(' ');
}

async function recordOf(project: OpenProject, id: string): Promise<JobRecord> {
  const record = await readJobRecord(project.filesDir, id);
  if (record !== null) return record;
  throw new FacetError({
    code: 'job.foreign',
    message: `This project made no job ${id}.`,
    fix: 'Open the project that made the job.',
  });
}

interface RayJobsOptions {
  readonly userDataDir: string;
  readonly keyStore: KeyStore;
  readonly current: CurrentProject;
}

export function rayJobs({ userDataDir, keyStore, current }: RayJobsOptions): RayJobs {
  const settings = raySettings(userDataDir, keyStore);

  async function submittedOf(id: string): Promise<{ client: RayClient; submissionId: string }> {
    const { ray, name } = await recordOf(current.require(), id);
    if (ray !== null)
      return { client: rayClient(settings.access(ray.address)), submissionId: ray.submissionId };
    throw new FacetError({
      code: 'ray.not-sent',
      message: `${name} was not sent to a Ray cluster.`,
      fix: 'Send it there first.',
    });
  }

  return {
    settings: () => settings.get(),
    list: async () => (await listJobRecords(current.require().filesDir)).map(described),
    submit: async (id, options) => {
      const project = current.require();
      const record = await recordOf(project, id);
      const address = checkedRayAddress(options.address);
      settings.set(address, options.token);
      const client = rayClient(settings.access(address));
      // Says what is wrong with the address or the token before much is sent.
      await client.version();
      const { name, archive } = await rayPackage(record.folder ?? '');
      const workingDir = await client.upload(name, archive);
      const submissionId = await client.submit({
        entrypoint: entrypointOf(options),
        submissionId: `facet-${id.slice(0, 8)}-${randomBytes(4).toString('hex')}`,
        workingDir,
        name: record.name,
      });
      const ray = { address, submissionId, out: options.out, submitted: new Date().toISOString() };
      await saveJobRecord(project.filesDir, { ...record, ray });
      return described({ ...record, ray });
    },
    status: async (id) => {
      const { client, submissionId } = await submittedOf(id);
      const [details, logs] = await Promise.all([client.details(submissionId), client.logs(submissionId)]);
      return {
        state: details.status,
        message: details.message ?? null,
        startedAt: details.start_time ?? null,
        endedAt: details.end_time ?? null,
        log: logs.trimEnd().split('\n').slice(-LAST_LINES).join('\n'),
      };
    },
    stop: async (id) => {
      const { client, submissionId } = await submittedOf(id);
      await client.stop(submissionId);
    },
  };
}
