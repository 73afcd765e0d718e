import { LATER_LATENT_SETTINGS, LATER_SETTINGS } from '#core/laterSettings.ts';

/** `json_insert` leaves a value that is there, and a latent that is null. */
const pathsAndValues = (settings: object, path: string): string =>
  Object.entries(settings)
    .map(([name, value]) => `'${path}.${name}', json('${JSON.stringify(value)}')`)
    .join(', ');

/** Figures of a step and of an evaluation that were not measured at first. */
const STEP_FIGURES = [
  ...['marginStd', 'rewardChosen', 'rewardRejected', 'logpChosen', 'logpRejected', 'lengthCorrelation'],
  ...['promptEntropy', 'topCodeShare', 'deadCodes', 'temperature', 'klWeight', 'headsLearningRate'],
];
const EVALUATION_FIGURES = ['nmiAspect', 'priorPosteriorGap'];

const complete = (type: string, figures: readonly string[]): string => `
UPDATE run_frames SET frame = json_insert(frame, ${figures.map((name) => `'$.${name}', NULL`).join(', ')})
WHERE type = '${type}' AND json_type(frame, '$.${figures[0]}') IS NULL;`;

/** Every stored run has every setting, and every frame every figure, so that no reader has to ask what was there when. */
export const wholeRuns = `
UPDATE runs SET config = json_insert(config,
  ${pathsAndValues(LATER_SETTINGS, '$')},
  ${pathsAndValues(LATER_LATENT_SETTINGS, '$.latent')},
  '$.latent.finalTemperature', json_extract(config, '$.latent.temperature'));
${complete('step', STEP_FIGURES)}
${complete('evaluation', EVALUATION_FIGURES)}
`;
