/** What Facet is doing, one entry a piece of work: the list in the foot. */
import { z } from 'zod';

export const JOB_PRIORITIES = ['first', 'normal', 'last'] as const;
export type JobPriority = (typeof JOB_PRIORITIES)[number];

const workSchema = z.object({
  id: z.number().int(),
  title: z.string(),
  state: z.enum(['waiting', 'running', 'cancelling']),
  /** Phase of a job, in the words of `PhaseFrame`; null before the first. */
  phase: z.string().nullable(),
  /** 0 of 0 where it is not known. */
  done: z.number(),
  total: z.number(),
  startedAt: z.iso.datetime(),
  /** Milliseconds to the end of a run's steps; null where not known. */
  leftMs: z.number().nullable(),
  priority: z.enum(JOB_PRIORITIES),
  /** The run, and the step of its checkpoint, whose codes are read; null of other work. */
  about: z.object({ runId: z.number().int(), step: z.number().int() }).nullable(),
  /** Set for the run that trains. */
  training: z.boolean(),
});
export type Work = z.infer<typeof workSchema>;

/** The list, and how many readings of codes have ended: one that is over in a moment may never be seen in it. */
export const workListSchema = z.object({ list: z.array(workSchema), readings: z.number() });
export type WorkListState = z.infer<typeof workListSchema>;
