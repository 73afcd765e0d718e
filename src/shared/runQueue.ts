/** Runs that wait for the one that trains. */
import { z } from 'zod';
import { failureSchema, pairSelectionSchema } from './entities.ts';
import { runConfigSchema } from './runConfigSchema.ts';

export const runRequestSchema = z.object({
  name: z.string().optional(),
  modelId: z.number().int(),
  config: runConfigSchema,
  selection: pairSelectionSchema,
});
export const queuedRunSchema = runRequestSchema.extend({
  id: z.number().int(),
  /** The sweep that it belongs to. */
  sweepId: z.number().int().optional(),
  queuedAt: z.iso.datetime(),
  /** Why it could not be started when its turn came; it waits for a person then. */
  failure: failureSchema.nullable(),
});
export const runQueueSchema = z.object({
  /** In the order in which they come. */
  runs: z.array(queuedRunSchema),
  /** Why none is started: the project was opened with them, or a run was paused. */
  held: z.enum(['opened', 'paused']).nullable(),
});

export type RunRequest = z.infer<typeof runRequestSchema>;
export type QueuedRun = z.infer<typeof queuedRunSchema>;
export type RunQueueState = z.infer<typeof runQueueSchema>;
