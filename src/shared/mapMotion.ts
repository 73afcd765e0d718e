/** Held-out prompts as points at each evaluation of a run, all in one plane. */
import { z } from 'zod';

export const mapMotionSchema = z.object({
  codes: z.number(),
  /** Evaluations, rising. */
  steps: z.array(z.number().int()),
  promptIds: z.array(z.number().int()),
  /** How each prompt begins. */
  previews: z.array(z.string()),
  /** Steps × prompts × 2, uint16 little-endian, base64: 0 to `MAP_EDGE`. */
  places: z.string(),
  /** Strongest code, steps × prompts, uint16 little-endian, base64. */
  strongest: z.string(),
  /** Shares of all spread, over prompts and evaluations, that the two directions hold. */
  explained: z.tuple([z.number(), z.number()]),
});
export type MapMotion = z.infer<typeof mapMotionSchema>;
