/** Single replies that are rated: what is asked, shown and said. */
import { z } from 'zod';
import { messageSchema } from './entities.ts';

const scaleSchema = z.enum(['thumbs', 'five']);
const ratingItemSchema = z.object({
  replyId: z.number().int(),
  messages: z.array(messageSchema),
  text: z.string(),
  /** Where the reply is more than its text. */
  turns: z.array(messageSchema),
  source: z.string(),
  /** What this person's rating says that stands on it, on the project's scale. */
  value: z.number().nullable(),
});
const stepSchema = z.object({
  id: z.number().int(),
  replyId: z.number().int(),
  scale: scaleSchema,
  /** Null is a skip. */
  value: z.number().nullable(),
});
export const ratingQueueSchema = z.object({
  annotatorId: z.number().int(),
  scale: scaleSchema,
  /** Null where every reply is rated. */
  item: ratingItemSchema.nullable(),
  /** Of this person: replies rated and skipped. */
  rated: z.number(),
  skipped: z.number(),
  undo: stepSchema.nullable(),
  redo: stepSchema.nullable(),
});
export const newRatingSchema = z.object({
  /** Made by the page: asked twice, it is stored once. */
  requestId: z.uuid(),
  annotatorId: z.number().int(),
  replyId: z.number().int(),
  scale: scaleSchema,
  /** 0 or 1 for a thumb, else 1 to 5; null skips it. */
  value: z.number().int().min(0).max(5).nullable(),
  durationMs: z.number().int().min(0).nullable(),
});

export type RatingItem = z.infer<typeof ratingItemSchema>;
export type RatingQueue = z.infer<typeof ratingQueueSchema>;
export type RatingStep = z.infer<typeof stepSchema>;
