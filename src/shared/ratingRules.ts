/** What a project asks of ratings; apart from what is shown, which knows of messages. */
import { z } from 'zod';
import { RATING_SCALES, type RatingRules } from '#core/ratings.ts';

export const ratingRulesSchema = z.object({
  scale: z.enum(RATING_SCALES),
  cut: z.number().int().min(2).max(5),
}) satisfies z.ZodType<RatingRules>;
