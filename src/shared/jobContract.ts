import { z } from 'zod';
import { base } from './contractBase.ts';
import { runSchema } from './entities.ts';
import { runRequestSchema } from './runQueue.ts';

/** A repository of a model hub: `organisation/name`, or a name alone. */
const repository = z.string().regex(/^[\w.-]+(?:\/[\w.-]+)?$/, 'a repository is called organisation/name');

const madeJobSchema = z.object({
  folder: z.string(),
  pairs: z.number(),
  prompts: z.number(),
  steps: z.number(),
});
export type MadeJob = z.infer<typeof madeJobSchema>;

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
};
