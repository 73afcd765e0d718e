/** Two runs on the pairs that neither was trained on. */
import { z } from 'zod';
import { checkpointKindSchema } from './entities.ts';

/** A mean over pairs with its 95 % interval, prompts drawn anew with all their pairs. */
const estimateSchema = z.object({ value: z.number(), low: z.number(), high: z.number() });

export const comparisonSchema = z.object({
  /** Steps of the checkpoints whose margins these are. */
  step: z.number().int(),
  otherStep: z.number().int(),
  /** Held out from both, with the same label in both; the figures are of these. */
  pairs: z.number(),
  prompts: z.number(),
  /** Held out from both, but trained to prefer different replies; left out. */
  relabelled: z.number(),
  /** Held out from the run alone, and from the other alone. */
  onlyOwn: z.number(),
  onlyOthers: z.number(),
  /** null where no pair is shared. */
  accuracy: z.object({ own: estimateSchema, others: estimateSchema, difference: estimateSchema }).nullable(),
  /** Pairs on which one is right and the other is wrong, the widest apart first. */
  disagreements: z.object({
    ownRight: z.number(),
    othersRight: z.number(),
    pairs: z.array(
      z.object({
        pairId: z.number().int(),
        prompt: z.string(),
        chosen: z.string(),
        rejected: z.string(),
        own: z.number(),
        others: z.number(),
      }),
    ),
  }),
});
/** Of which checkpoint the margins are, for each run; where none is named, the newest that has any. */
export const comparisonAskSchema = z.object({
  runId: z.number().int(),
  otherId: z.number().int(),
  checkpoint: checkpointKindSchema.optional(),
  otherCheckpoint: checkpointKindSchema.optional(),
});

export type Comparison = z.infer<typeof comparisonSchema>;
export type ComparisonAsk = z.infer<typeof comparisonAskSchema>;
