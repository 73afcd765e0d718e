/** Pairs of which people say different things, and what an adjudicator decides. */
import { z } from 'zod';
import { VERDICTS } from '#core/preference.ts';
import { annotationItemSchema } from './entities.ts';
import { verdictAttributesSchema } from './verdictEntities.ts';

const verdictSchema = z.enum(VERDICTS);

export const adjudicationAskSchema = z.object({
  /** On screen first, settled or not; null for the next that is open. */
  pairId: z.number().int().nullable(),
  /** Goes on after this pair, and from the last to the first. */
  after: z.number().nullable(),
  /** Without what people said: to decide before seeing it. */
  blind: z.boolean(),
});
const statedSchema = z.object({
  annotator: z.string(),
  verdict: verdictSchema,
  attributes: verdictAttributesSchema,
  at: z.string(),
});
export const adjudicationSchema = z.object({
  annotatorId: z.number().int(),
  /** Pairs on which people differ that nobody has settled, and those that somebody has. */
  open: z.number(),
  settled: z.number(),
  /** Null where none is open. */
  item: z
    .object({
      pair: annotationItemSchema,
      /** What each person's standing verdict says; null where it is to be seen only after deciding. */
      stated: z.array(statedSchema).nullable(),
      /** The decision that settles it now. */
      decision: statedSchema.nullable(),
    })
    .nullable(),
});
export const newAdjudicationSchema = z.object({
  /** Made by the page: asked twice, it is decided once. */
  requestId: z.uuid(),
  annotatorId: z.number().int(),
  pairId: z.number().int(),
  verdict: verdictSchema.exclude(['skip']),
  leftKey: z.enum(['a', 'b']),
  durationMs: z.number().int().min(0).nullable(),
  rationale: z.string().max(20_000).nullable(),
  blind: z.boolean(),
});

export type Adjudication = z.infer<typeof adjudicationSchema>;
export type Stated = z.infer<typeof statedSchema>;
