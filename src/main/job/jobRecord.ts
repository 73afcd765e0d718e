/** What a job folder says of itself, and what the project keeps of it to know its result again. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ModelInfo } from '#core/jobs.ts';
import { withLaterSettings } from '#core/laterSettings.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { isMissing } from '#disk/failures.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { pairSelectionSchema } from '#shared/entities.ts';
import { runConfigSchema } from '#shared/runConfigSchema.ts';

/** Read by `resources/job/lpc/job.py` too. */
export const JOB_FORMAT = 1;

/** Where the programs of a job find its model: a repository of a hub, or a folder, which may be one of the job's own. */
export type ModelPlace =
  | { readonly hub: string; readonly revision: string | null }
  | { readonly path: string };

export interface JobDescription {
  readonly format: typeof JOB_FORMAT;
  readonly id: string;
  readonly name: string;
  readonly facet: string;
  readonly made: string;
  readonly config: RunConfig;
  readonly model: ModelPlace & {
    readonly fingerprint: string;
    /** SHA-256 of its files of weights: what a hub gives is compared with them. */
    readonly weights: readonly string[];
    readonly info: ModelInfo;
  };
  readonly datasetFingerprint: string;
  readonly pairs: number;
  readonly prompts: number;
  /** SHA-256 of the files of data, by name. */
  readonly files: Readonly<Record<string, string>>;
}

const raySubmissionSchema = z.object({
  address: z.string(),
  submissionId: z.string(),
  /** Result folder, as the cluster names it. */
  out: z.string(),
  submitted: z.string(),
});

const recordSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  made: z.string(),
  facet: z.string(),
  modelId: z.number().int(),
  /** Settings that came after the job was made are added. */
  config: z.preprocess((value) => withLaterSettings(value as RunConfig), runConfigSchema),
  selection: pairSelectionSchema,
  pairs: z.number().int(),
  datasetSha256: z.string(),
  fingerprint: z.string(),
  /** In the order in which codes come back. */
  promptIds: z.array(z.number().int()),
  /** Of the run that its result has become. */
  runId: z.number().int().nullable(),
  /** Where it was written; null in jobs that were made before this was kept. */
  folder: z.string().nullable().default(null),
  /** The Ray cluster that it was sent to last. */
  ray: raySubmissionSchema.nullable().default(null),
});
export type JobRecord = z.infer<typeof recordSchema>;

export const newJobId = (): string => randomUUID();
const isJobId = (id: string): boolean => z.uuid().safeParse(id).success;

const folderOf = (filesDir: string, id: string): string => join(filesDir, 'jobs', id);
export const jobDataset = (filesDir: string, id: string): string =>
  join(folderOf(filesDir, id), 'dataset.jsonl');
const recordPath = (filesDir: string, id: string): string => join(folderOf(filesDir, id), 'record.json');

/** Removes what a job that could not be written has left. */
export const dropJob = (filesDir: string, id: string): Promise<void> =>
  rm(folderOf(filesDir, id), { recursive: true, force: true });

export async function saveJobRecord(filesDir: string, record: JobRecord): Promise<void> {
  await mkdir(folderOf(filesDir, record.id), { recursive: true });
  await writeFileAtomic(recordPath(filesDir, record.id), [`${JSON.stringify(record)}\n`]);
}

/** null where this project made no such job. */
export async function readJobRecord(filesDir: string, id: string): Promise<JobRecord | null> {
  // Ids come from pages and from results that were carried here: none of another form leads out of the folder.
  if (!isJobId(id)) return null;
  try {
    return recordSchema.parse(JSON.parse(await readFile(recordPath(filesDir, id), 'utf8')));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Newest first. */
export async function listJobRecords(filesDir: string): Promise<JobRecord[]> {
  const names = await readdir(join(filesDir, 'jobs')).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const records = await Promise.all(names.filter(isJobId).map((id) => readJobRecord(filesDir, id)));
  return records.filter((record) => record !== null).sort((a, b) => b.made.localeCompare(a.made));
}
