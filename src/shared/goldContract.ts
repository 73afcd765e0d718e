import { z } from 'zod';
import { base } from './contractBase.ts';
import { selectionSchema } from './entities.ts';
import { goldMarkedSchema, goldStateSchema } from './goldEntities.ts';

/** Pairs whose answer is known. */
export const gold = {
  state: base.output(goldStateSchema),
  /** The answer to each chosen pair is what this person's verdict says; its rationale is the reason. */
  mark: base
    .input(z.object({ selection: selectionSchema, annotatorId: z.number().int(), shown: z.boolean() }))
    .output(goldMarkedSchema),
  /** Null for all of them. Verdicts stay. */
  unmark: base
    .input(z.object({ selection: selectionSchema.nullable() }))
    .output(z.object({ unmarked: z.number() })),
};
