import { z } from 'zod';
import { base } from './contractBase.ts';
import { runQueueSchema, runRequestSchema } from './runQueue.ts';

const place = z.object({ id: z.number().int() });

/** Runs that wait for the one that trains. */
export const runQueue = {
  list: base.output(runQueueSchema),
  /** At the end; it starts at once where no run trains and none waits. Throws what `runs.start` throws. */
  add: base.input(runRequestSchema).output(runQueueSchema),
  remove: base.input(place).output(runQueueSchema),
  /** `to`: its place in the queue, 0 the first. */
  move: base.input(place.extend({ to: z.number().int().min(0) })).output(runQueueSchema),
  /** Lets a queue that is held go on, and tries again what could not be started. */
  goOn: base.output(runQueueSchema),
};
