/** Prompts × codes as they are drawn: where groups lie, and the figures of the lines that are on screen. */
import { z } from 'zod';

/** What prompts are put together by; of several values of a prompt's pairs, the commonest. Clusters are of p(z|x). */
export const HEAT_GROUPS = ['source', 'aspect', 'tag', 'annotator', 'cluster'] as const;
/** Lines that are asked for at once. */
const MOST_LINES = 2000;

export const heatMapSchema = z.object({
  codes: z.number(),
  rows: z.number(),
  /** Of all weights: the dark end of the scale. */
  largest: z.number(),
  /** Runs of rows that belong together; the name of those without a value is empty. */
  groups: z.array(z.object({ name: z.string(), start: z.number(), rows: z.number() })),
});
export const heatLinesAskSchema = z.object({
  by: z.enum(HEAT_GROUPS),
  lines: z.array(z.object({ start: z.number().int().min(0), rows: z.number().int().min(1) })).max(MOST_LINES),
  /** Where is it? */
  promptId: z.number().int().nullable(),
});
export const heatLinesSchema = z.object({
  /** Mean weight, lines × codes, float32 little-endian, base64. */
  means: z.string(),
  /** Prompt with the largest weight, lines × codes, uint32 little-endian, base64. */
  promptIds: z.string(),
  /** Place of the prompt that was asked for; null where it has none. */
  place: z.number().nullable(),
});
export type HeatGroup = (typeof HEAT_GROUPS)[number];
export type HeatMap = z.infer<typeof heatMapSchema>;
export type HeatLinesAsk = z.infer<typeof heatLinesAskSchema>;
export type HeatLines = z.infer<typeof heatLinesSchema>;
