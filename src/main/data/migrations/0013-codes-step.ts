import { addFigures } from './complete.ts';

/** A run's codes belong to a checkpoint: the step it was made at. So far that was the last one. */
export const codesStep = `
ALTER TABLE runs ADD COLUMN codes_step INTEGER;
UPDATE runs SET codes_step = coalesce(
  (SELECT step FROM checkpoints WHERE run_id = runs.id AND kind = 'last'), step)
WHERE EXISTS (SELECT 1 FROM code_activations WHERE run_id = runs.id);
${addFigures('evaluation', ['logitShift'])}
`;
