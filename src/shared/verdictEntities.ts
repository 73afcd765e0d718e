/** What a verdict says beside which reply is better, and what a project asks for. */
import { z } from 'zod';
import {
  ASPECT_ANSWERS,
  CONFIDENCE_RULES,
  MOST_CONFIDENCE,
  RATIONALE_RULES,
  STRENGTH_SCALES,
  type StrengthScale,
  type VerdictAttributes,
  type VerdictRules,
} from '#core/verdictAttributes.ts';

export const aspectNameSchema = z.string().trim().min(1).max(60);

export const verdictAttributesSchema = z.object({
  /** On the file's own scale where a file said it. */
  strength: z.number().positive().nullable(),
  aspects: z.record(aspectNameSchema, z.enum(ASPECT_ANSWERS)),
  confidence: z.number().int().min(1).max(MOST_CONFIDENCE).nullable(),
  rationale: z.string().max(20_000).nullable(),
  flag: z.string().max(2000).nullable(),
}) satisfies z.ZodType<VerdictAttributes>;

/** Numbers that are pressed: of aspects at most nine can be told apart by one. */
const MOST_ASPECTS = 9;

export const verdictRulesSchema = z.object({
  strength: z.enum(Object.keys(STRENGTH_SCALES) as [StrengthScale, ...StrengthScale[]]),
  aspects: z
    .array(z.object({ name: aspectNameSchema, description: z.string().max(500), required: z.boolean() }))
    .max(MOST_ASPECTS)
    .refine((aspects) => new Set(aspects.map(({ name }) => name)).size === aspects.length, {
      error: 'Two aspects have the same name.',
    })
    .readonly(),
  rationale: z.enum(RATIONALE_RULES),
  confidence: z.enum(CONFIDENCE_RULES),
}) satisfies z.ZodType<VerdictRules>;
