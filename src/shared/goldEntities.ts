/** Pairs whose answer is known, and how people do on them. */
import { z } from 'zod';
import type { GoldRules } from '#core/gold.ts';
import { VERDICTS } from '#core/preference.ts';

export const MOST_GOLD = 2000;
const answerSchema = z.enum(VERDICTS).exclude(['skip']);

export const goldRulesSchema = z.object({
  rate: z.number().min(0).max(0.5),
  warnBelow: z.number().min(0).max(1).nullable(),
  counts: z.boolean(),
}) satisfies z.ZodType<GoldRules>;
/** Told after a verdict on a pair that is there to learn from. */
export const goldFeedbackSchema = z.object({
  pairId: z.number().int(),
  isRight: z.boolean(),
  answer: answerSchema,
  /** What whoever gave the answer said of it. */
  reason: z.string().nullable(),
});
const accuracySchema = z.object({
  answered: z.number(),
  right: z.number(),
  /** Share and its 95 % interval (Wilson); null where nothing was answered. */
  share: z.number().nullable(),
  low: z.number(),
  high: z.number(),
});
export const goldStateSchema = z.object({
  hidden: z.number(),
  shown: z.number(),
  /** Whose verdicts can be answers; a null name is a file's that names nobody. */
  answerers: z.array(
    z.object({ annotatorId: z.number().int(), name: z.string().nullable(), isPerson: z.boolean() }),
  ),
  /** First answers alone: one that was taken back and given again has been told what was right. */
  people: z.array(
    z.object({
      annotatorId: z.number().int(),
      name: z.string(),
      hidden: accuracySchema,
      shown: accuracySchema,
      /** Below what the project warns of, by the hidden ones. */
      isBelow: z.boolean(),
    }),
  ),
});
export const goldMarkedSchema = z.object({
  marked: z.number(),
  /** Chosen pairs of which the person says nothing. */
  without: z.number(),
});

export type GoldState = z.infer<typeof goldStateSchema>;
export type GoldAccuracy = z.infer<typeof accuracySchema>;
export type GoldFeedback = z.infer<typeof goldFeedbackSchema>;
export type GoldMarked = z.infer<typeof goldMarkedSchema>;
