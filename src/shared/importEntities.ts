/** What crosses between renderer and main about imports. */
import { z } from 'zod';
import { messageSchema } from './entities.ts';

/** Rules of an import that a person sets; see `facet import --help`. */
const importRulesSchema = z.object({
  /** Which field of the file is which part: prompt, system, history, context, replyA, replyB, chosen, rejected, … */
  map: z.record(z.string(), z.string()).optional(),
  /** Which pairs n replies make: best against each, all, or neighbours in rank. */
  pairing: z.enum(['best', 'all', 'adjacent']).optional(),
  margin: z.number().min(0).optional(),
  jsonTexts: z.enum(['read', 'keep']).optional(),
});
export const importRequestSchema = z.object({
  file: z.string(),
  /** One file of the archive that `file` is. */
  entry: z.string().optional(),
  rules: importRulesSchema.optional(),
});
/** What became of the rows. For rows of one pair each, all but `rows`, `unlabelled` and ties add up to `rows`. */
const importCountsSchema = z.object({
  rows: z.number(),
  /** New pairs, with those that have no label or no preference. */
  added: z.number(),
  unlabelled: z.number(),
  ties: z.number(),
  bothBad: z.number(),
  /** Further verdicts on pairs that were there. */
  joined: z.number(),
  singles: z.number(),
  alreadyThere: z.number(),
  conflicts: z.number(),
  refused: z.number(),
});
const importProblemSchema = z.object({
  row: z.number(),
  field: z.string().nullable(),
  reason: z.string(),
});
export const importPreviewSchema = z.object({
  file: z.string(),
  /** The shape that most rows have: `pairs`, `hh-dialogue`, `sharegpt`, `two-replies` … */
  format: z.string(),
  rows: z.number(),
  readable: z.number(),
  /** Already in the project (same prompt and replies): left out. */
  duplicates: z.number(),
  counts: importCountsSchema,
  /** Which field each part of a pair is read from. */
  readings: z.array(z.object({ part: z.string(), field: z.string() })),
  /** Columns that are no part of a pair, and are kept beside it. */
  metadataFields: z.array(z.string()),
  problems: z.array(importProblemSchema),
  /** All unreadable rows, of which `problems` lists the first 200. */
  problemCount: z.number(),
  sample: z.array(
    z.object({
      messages: z.array(messageSchema),
      chosen: z.string(),
      rejected: z.string(),
      source: z.string(),
      /** Null: nobody has decided yet. */
      verdict: z.enum(['first', 'second', 'tie', 'both_bad']).nullable(),
    }),
  ),
});
export const importFrameSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), rows: z.number(), bytesRead: z.number(), bytesTotal: z.number() }),
  z.object({
    type: z.literal('done'),
    sourceIds: z.array(z.number()),
    format: z.string(),
    imported: z.number(),
    duplicates: z.number(),
    counts: importCountsSchema,
    problemCount: z.number(),
    problems: z.array(importProblemSchema),
  }),
]);

export type ImportRules = z.infer<typeof importRulesSchema>;
export type ImportCounts = z.infer<typeof importCountsSchema>;
export type ImportPreview = z.infer<typeof importPreviewSchema>;
export type ImportFrame = z.infer<typeof importFrameSchema>;
