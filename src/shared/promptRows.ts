/** Prompts with their strongest codes, a page at a time. */
import { z } from 'zod';

/** As they came; by source, code, weight of the strongest code, or how mixed their codes are. */
const PROMPT_SORTS = ['added', 'source', 'code', 'weight', 'mixed'] as const;

/** Which prompts a table holds. */
export const promptsFilterSchema = z.object({
  /** Prompts that hold this text; letters of English in either case. */
  search: z.string().max(1000),
  /** Their strongest code, and their source; all where null. */
  code: z.number().int().min(0).nullable(),
  source: z.string().nullable(),
});
export const promptsAskSchema = promptsFilterSchema.extend({
  sort: z.enum(PROMPT_SORTS),
  descending: z.boolean(),
  offset: z.number().int().min(0),
  limit: z.number().int().min(1).max(200),
});
export const promptPageSchema = z.object({
  total: z.number(),
  rows: z.array(
    z.object({
      promptId: z.number().int(),
      text: z.string(),
      source: z.string(),
      /** The three strongest. */
      codes: z.array(z.object({ code: z.number(), weight: z.number() })),
      /** exp of the entropy of p(z|x): as many codes in even use. */
      mixed: z.number(),
    }),
  ),
});
export type PromptSort = (typeof PROMPT_SORTS)[number];
export type PromptsFilter = z.infer<typeof promptsFilterSchema>;
export type PromptsAsk = z.infer<typeof promptsAskSchema>;
export type PromptPage = z.infer<typeof promptPageSchema>;
