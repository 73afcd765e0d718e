/** Labels that the others contradict: see `AuditJob`. */
import { z } from 'zod';
import { VERDICTS } from '#core/preference.ts';
import { annotationItemSchema } from './entities.ts';

const replyKeySchema = z.enum(['a', 'b']);

/** Rows of a list, at most: nobody looks through more. */
export const MOST_AUDITED = 2000;

const auditRowSchema = z.object({
  pairId: z.number().int(),
  /** Of the label, out of fold: below 0 it is contradicted. */
  margin: z.number(),
  /** σ of the margin: how likely the label is by those of other prompts. */
  probability: z.number(),
  /** The reply that the label preferred when it was looked at. */
  label: replyKeySchema,
  /** What it says now: null where no reply is preferred any more. */
  now: replyKeySchema.nullable(),
  /** Decided since, the same way or another. */
  decided: z.boolean(),
  source: z.string(),
  prompt: z.string(),
});
export const auditSchema = z.object({
  runId: z.number().int(),
  at: z.string(),
  folds: z.number(),
  /** Labels that were judged, and pairs that could not be. */
  pairs: z.number(),
  leftOut: z.number(),
  /** Labels with a margin of 0 or below. */
  contradicted: z.number(),
  /** Those that are borne out least first, without pairs that are gone or left out meanwhile. */
  rows: z.array(auditRowSchema),
});
export const auditItemSchema = z.object({ annotatorId: z.number().int(), pair: annotationItemSchema });
export const auditDecisionSchema = z.object({
  /** Made by the page: asked twice, it is decided once. */
  requestId: z.uuid(),
  annotatorId: z.number().int(),
  pairId: z.number().int(),
  verdict: z.enum(VERDICTS).exclude(['skip']),
  leftKey: replyKeySchema,
  durationMs: z.number().int().min(0).nullable(),
});

export type Audit = z.infer<typeof auditSchema>;
export type AuditRow = z.infer<typeof auditRowSchema>;
export type AuditItem = z.infer<typeof auditItemSchema>;
