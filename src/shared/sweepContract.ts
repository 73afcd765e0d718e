import { z } from 'zod';
import { BEST_BY } from '#core/bestCheckpoint.ts';
import { base } from './contractBase.ts';
import { runSchema } from './entities.ts';
import { runRequestSchema } from './runQueue.ts';
import { sweepAxisSchema } from './sweep.ts';

const sweepRequestSchema = runRequestSchema.extend({
  axes: z.array(sweepAxisSchema).min(1),
  seeds: z.array(z.number().int().min(0).max(0xffff_ffff)).min(1),
});
export const sweepSchema = z.object({
  id: z.number(),
  name: z.string(),
  axes: z.array(sweepAxisSchema),
  seeds: z.array(z.number()),
  startedAt: z.iso.datetime(),
  /** Runs of it that have begun and were not deleted. */
  runIds: z.array(z.number()),
  /** How many still wait in the queue. */
  waiting: z.number(),
  paused: z.boolean(),
  cancelled: z.boolean(),
});
const sweepRowSchema = z.object({
  /** Null while it waits. */
  runId: z.number().nullable(),
  name: z.string(),
  values: sweepAxisSchema.shape.values,
  seed: z.number(),
  state: z.union([runSchema.shape.state, z.literal('waiting')]),
  step: z.number(),
  steps: z.number(),
  /** Of the run's best evaluation by its own rule; null before the first. */
  figures: z
    .object({
      step: z.number(),
      pairs: z.number(),
      loss: z.number(),
      accuracy: z.number(),
      accuracyLow: z.number().nullable(),
      accuracyHigh: z.number().nullable(),
      codesInUse: z.number().nullable(),
    })
    .nullable(),
  /** Measured at the end of a run alone. */
  causalRecovery: z.number().nullable(),
});
const sweepTableSchema = sweepSchema.extend({
  /** The rule by which the best is chosen. */
  bestBy: z.enum(BEST_BY),
  rows: z.array(sweepRowSchema),
});
const one = z.object({ id: z.number().int() });

/** Groups of runs that differ in one or two settings and in their seeds. */
export const sweeps = {
  /** The newest first. */
  list: base.output(z.array(sweepSchema)),
  /** Throws `sweep.*` where a setting or value cannot be, and what `runs.start` throws. */
  start: base.input(sweepRequestSchema).output(sweepSchema),
  table: base.input(one).output(sweepTableSchema),
  /** Those that wait stay in the queue and are passed over; the one that trains is paused. */
  pause: base.input(one).output(sweepSchema),
  goOn: base.input(one).output(sweepSchema),
  /** Takes those that wait off the queue and stops the one that trains, which keeps what it has. */
  cancel: base.input(one).output(sweepSchema),
};

export type Sweep = z.infer<typeof sweepSchema>;
export type SweepRequest = z.infer<typeof sweepRequestSchema>;
export type SweepRow = z.infer<typeof sweepRowSchema>;
export type SweepTable = z.infer<typeof sweepTableSchema>;
