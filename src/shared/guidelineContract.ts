import { z } from 'zod';
import { base } from './contractBase.ts';
import { projectSchema } from './entities.ts';
import { guidelineVersionSchema, newGuidelinesSchema } from './guidelineEntities.ts';

const numberSchema = z.object({ number: z.number().int().min(1) });

/** How the people of the project are to decide. */
export const guidelines = {
  /** The newest first. */
  versions: base.output(z.array(guidelineVersionSchema)),
  text: base.input(numberSchema).output(z.string()),
  /** A text that differs from the one in force is a new version. */
  save: base.input(newGuidelinesSchema).output(projectSchema),
  /** Whoever labels on this page was told of changes up to this version. */
  told: base.input(numberSchema).output(z.null()),
};
