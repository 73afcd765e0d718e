import { z } from 'zod';
import { base } from './contractBase.ts';
import { newRatingSchema, ratingQueueSchema } from './ratingEntities.ts';

const stepSchema = z.object({ annotatorId: z.number().int(), step: z.number().int() });

/** Single replies, rated one by one; each call answers what comes next. */
export const ratings = {
  queue: base.output(ratingQueueSchema),
  rate: base.input(newRatingSchema).output(ratingQueueSchema),
  /** Takes back the rating that `queue.undo` named, and shows its reply. */
  undo: base.input(stepSchema).output(ratingQueueSchema),
  redo: base.input(stepSchema).output(ratingQueueSchema),
};
