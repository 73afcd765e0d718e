import { z } from 'zod';
import { base } from './contractBase.ts';
import { runSchema } from './entities.ts';
import { runRequestSchema } from './runQueue.ts';

/** A repository of a model hub: `organisation/name`, or a name alone. */
const repository = z.string().regex(/^[\w.-]+(?:\/[\w.-]+)?$/, 'a repository is called organisation/name');

const madeJobSchema = z.object({
  id: z.string(),
  folder: z.string(),
  pairs: z.number(),
  prompts: z.number(),
  steps: z.number(),
});
export type MadeJob = z.infer<typeof madeJobSchema>;

const raySettingsSchema = z.object({
  /** Of the cluster that was used last. */
  address: z.string().nullable(),
  hasToken: z.boolean(),
  /** Why no token can be kept here, in words. */
  tokenProblem: z.string().nullable(),
});
export type RaySettings = z.infer<typeof raySettingsSchema>;

export const rayOptionsSchema = z.object({
  /** Of the dashboard. */
  address: z.string().min(1),
  /** Kept in the key store; undefined keeps the one that there is, null forgets it. */
  token: z.string().min(1).nullable().optional(),
  workers: z.number().int().min(1).max(4096),
  /** One a worker. */
  gpu: z.boolean(),
  precision: z.enum(['float32', 'bfloat16']),
  /** Result folder that every worker can write to. */
  out: z.string().min(1),
});
export type RayOptions = z.infer<typeof rayOptionsSchema>;

const elsewhereJobSchema = z.object({
  id: z.string(),
  name: z.string(),
  made: z.string(),
  pairs: z.number(),
  steps: z.number(),
  folder: z.string().nullable(),
  runId: z.number().int().nullable(),
  ray: z
    .object({ address: z.string(), submissionId: z.string(), out: z.string(), submitted: z.string() })
    .nullable(),
});
export type ElsewhereJob = z.infer<typeof elsewhereJobSchema>;

const rayStatusSchema = z.object({
  state: z.enum(['PENDING', 'RUNNING', 'STOPPED', 'SUCCEEDED', 'FAILED']),
  /** What Ray says of it. */
  message: z.string().nullable(),
  /** Milliseconds since 1970. */
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** Its last lines. */
  log: z.string(),
});
export type RayStatus = z.infer<typeof rayStatusSchema>;

/** Runs that are trained elsewhere. */
export const jobs = {
  /** Writes a folder that PyTorch trains, complete or absent; `parent` is where it is made. Throws `job.…`, `config.…`. */
  make: base
    .input(
      runRequestSchema.extend({
        parent: z.string(),
        /** Where that machine finds the same model; null names its folder. */
        hub: z.object({ repo: repository, revision: z.string().min(1).nullable() }).nullable(),
        /** Copies the model's files into the job. */
        withModel: z.boolean(),
      }),
    )
    .output(madeJobSchema),
  /** Makes a run of a result, a folder or a zip archive, or brings it up to date. Throws `job.…` and changes nothing then. */
  take: base.input(z.object({ path: z.string().min(1) })).output(runSchema),
  /** Newest first. */
  list: base.output(z.array(elsewhereJobSchema)),
  raySettings: base.output(raySettingsSchema),
  /** Sends a job to a Ray cluster and starts it there. Throws `job.…`, `ray.…`. */
  submit: base.input(rayOptionsSchema.extend({ id: z.string() })).output(elsewhereJobSchema),
  /** Of a job that was sent. Throws `ray.…`. */
  rayStatus: base.input(z.object({ id: z.string() })).output(rayStatusSchema),
  rayStop: base.input(z.object({ id: z.string() })),
};
