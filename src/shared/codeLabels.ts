/** What crosses of the labels that made a code. */
import { z } from 'zod';

export const codeLabelsSchema = z.object({
  /** Why there are none to tell; else null. */
  reason: z.string().nullable(),
  /** Pairs trained on, and those whose posterior is strongest for the code. */
  pairs: z.number(),
  strongest: z.number(),
  /** Of those the ones with the most weight, q(z|x, y_w ≻ y_l). */
  top: z.array(
    z.object({
      pairId: z.number().int(),
      prompt: z.string(),
      posterior: z.number(),
      /** p(z|x) of the code, where the prior's strongest is the same; else null. */
      prior: z.number().nullable(),
    }),
  ),
});
export type CodeLabels = z.infer<typeof codeLabelsSchema>;
