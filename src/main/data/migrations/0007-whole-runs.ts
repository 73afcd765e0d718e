import { LATER_SETTINGS } from '#core/laterSettings.ts';
import { addFigures, addSettings } from './complete.ts';

/** Figures of a step that were not measured at first. */
const STEP_FIGURES = [
  ...['marginStd', 'rewardChosen', 'rewardRejected', 'logpChosen', 'logpRejected', 'lengthCorrelation'],
  ...['promptEntropy', 'topCodeShare', 'deadCodes', 'temperature', 'klWeight', 'headsLearningRate'],
];

/** Every stored run has every setting, and every frame every figure, so that no reader has to ask what was there when. */
export const wholeRuns = `
${addSettings(LATER_SETTINGS.trainingLoop)}
UPDATE runs SET config = json_insert(config, '$.latent.finalTemperature', json_extract(config, '$.latent.temperature'));
${addFigures('step', STEP_FIGURES)}
${addFigures('evaluation', ['nmiAspect', 'priorPosteriorGap'])}
`;
