import type { LaterSettings } from '#core/laterSettings.ts';

const pathsAndValues = (settings: object, path: string): string[] =>
  Object.entries(settings).map(([name, value]) => `'${path}.${name}', json('${JSON.stringify(value)}')`);

/** Gives every stored run the settings that it lacks; leaves those that it has, and a latent that is null. */
export const addSettings = ({ run, latent }: LaterSettings): string =>
  `UPDATE runs SET config = json_insert(config, ${[
    ...pathsAndValues(run, '$'),
    ...pathsAndValues(latent, '$.latent'),
  ].join(', ')});`;

/** Gives stored frames of a type the figures that they lack, as null. */
export const addFigures = (type: 'step' | 'evaluation', figures: readonly string[]): string => `
UPDATE run_frames SET frame = json_insert(frame, ${figures.map((name) => `'$.${name}', NULL`).join(', ')})
WHERE type = '${type}' AND json_type(frame, '$.${figures[0]}') IS NULL;`;
