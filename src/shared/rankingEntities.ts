/** Three and more replies that are ranked together: their order, and what is said beside it. */
import { z } from 'zod';
import { MOST_RANKED, type RankedAspects, type Ranks, type Steps } from '#core/ranking.ts';
import { aspectNameSchema } from './verdictEntities.ts';

/** By the ids of replies: 1 is the best, and the same number is a tie. */
export const ranksSchema = z.record(
  z.string(),
  z.number().int().min(1).max(MOST_RANKED),
) satisfies z.ZodType<Ranks>;
/** Between the places, from the best down. */
export const stepsSchema = z
  .array(z.number().int().positive().nullable())
  .max(MOST_RANKED - 1) satisfies z.ZodType<Steps>;
export const rankedAspectsSchema = z.record(
  aspectNameSchema,
  z.union([ranksSchema, z.literal('na')]),
) satisfies z.ZodType<RankedAspects>;

/** What a page says of a set; no ranks where its verdict, a skip or all bad, is that of each pair. */
export const givenRankingSchema = z.object({
  setId: z.number(),
  ranks: ranksSchema.nullable(),
  /** Absent where none was said. */
  steps: stepsSchema.optional(),
  aspects: rankedAspectsSchema.optional(),
});
