/** Pairs of a run with what it said of them. */
import { z } from 'zod';
import { checkpointKindSchema } from './entities.ts';

const runPairSchema = z.object({
  pairId: z.number().int(),
  /** Beginnings of the texts; `chosen` is the reply that the run was told to prefer. */
  prompt: z.string(),
  chosen: z.string(),
  rejected: z.string(),
  margin: z.number(),
  /** Strongest code of p(z|x), and its share; null without codes. */
  code: z.number().nullable(),
  weight: z.number().nullable(),
});
export const runPairsSchema = z.object({
  step: z.number().int(),
  /** Pairs that there are; `pairs` may hold fewer. */
  total: z.number(),
  pairs: z.array(runPairSchema),
});
export const heldOutAskSchema = z.object({
  runId: z.number().int(),
  /** The newest whose margins are stored where none is named. */
  checkpoint: checkpointKindSchema.optional(),
  /** By margin: the lowest or the highest first. */
  order: z.enum(['worst', 'best']),
  limit: z.number().int().min(1).max(200),
});

export type RunPairs = z.infer<typeof runPairsSchema>;
export type RunPair = RunPairs['pairs'][number];
export type HeldOutAsk = z.infer<typeof heldOutAskSchema>;
