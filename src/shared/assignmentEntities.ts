/** How pairs are shared among people. */
import { z } from 'zod';
import type { Overlap } from '#core/assignment.ts';

export const MOST_LABELS = 20;
export const overlapSchema = z.object({
  labels: z.number().int().min(1).max(MOST_LABELS),
  share: z.number().min(0).max(1),
}) satisfies z.ZodType<Overlap>;
