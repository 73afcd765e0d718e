import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { auditDecisionSchema, auditItemSchema, auditSchema } from './auditEntities.ts';
import { base } from './contractBase.ts';
import { passFrameSchema } from './dataEntities.ts';

const runId = z.object({ runId: z.number().int() });

/** Labels of a run's pairs, judged by fits that did not train on them. */
export const audit = {
  /** Judges them anew; what is found is kept beside the run. */
  make: base.input(runId).output(eventIterator(passFrameSchema(auditSchema))),
  /** What was found last; null before the first. */
  stored: base.input(runId).output(auditSchema.nullable()),
  /** A pair, its replies on the sides that are drawn for whoever asks. */
  item: base.input(z.object({ pairId: z.number().int() })).output(auditItemSchema),
  /** A new verdict, which stands for what others say too; `annotate.undo` takes it back. */
  decide: base.input(auditDecisionSchema).output(z.null()),
};
