/** Guidelines: how the people of a project are to decide, in versions. */
import { z } from 'zod';

const MOST_CHARACTERS = 200_000;

export const guidelineVersionSchema = z.object({
  number: z.number(),
  /** What changed, in the words of whoever saved it; may be empty. */
  note: z.string(),
  /** Null where whoever saved it had given no name. */
  author: z.string().nullable(),
  savedAt: z.string(),
});
export const newGuidelinesSchema = z.object({
  text: z.string().max(MOST_CHARACTERS),
  note: z.string().trim().max(500),
});
/** The version in force, and the last one that somebody was told of. */
export const guidelineNewsSchema = z.object({ number: z.number(), told: z.number() });

export type GuidelineVersion = z.infer<typeof guidelineVersionSchema>;
