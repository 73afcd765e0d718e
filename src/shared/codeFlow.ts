/** Codes from one checkpoint to another, or of two runs, over the same prompts. */
import { z } from 'zod';

/** p(z|x) by a run at a step. */
const columnSchema = z.object({
  runId: z.number().int(),
  step: z.number().int(),
  codes: z.number(),
  /** Codes with at least 0.1 % of all mass, by number. */
  use: z.array(z.object({ code: z.number(), share: z.number() })),
});
const changesSchema = z.object({
  kept: z.array(z.object({ from: z.number(), to: z.number(), overlap: z.number() })),
  born: z.array(z.object({ code: z.number(), from: z.number().nullable() })),
  died: z.array(z.object({ code: z.number(), into: z.number().nullable() })),
  same: z.number(),
});
export const codeFlowSchema = z.object({
  /** Prompts that all columns are of. */
  prompts: z.number(),
  /** Held-out prompts as evaluations left them, or prompts of the project by stored checkpoints. */
  of: z.enum(['held-out', 'project']),
  columns: z.array(columnSchema),
  /** Between each column and the next, as `codeChanges` tells them. */
  changes: z.array(changesSchema),
});
export type CodeFlow = z.infer<typeof codeFlowSchema>;
