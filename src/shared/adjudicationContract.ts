import { adjudicationAskSchema, adjudicationSchema, newAdjudicationSchema } from './adjudicationEntities.ts';
import { base } from './contractBase.ts';

/** Pairs on which people differ; `annotate.undo` takes a decision back. */
export const adjudication = {
  queue: base.input(adjudicationAskSchema).output(adjudicationSchema),
  decide: base.input(newAdjudicationSchema).output(adjudicationSchema),
};
