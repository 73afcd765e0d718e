import { LATER_SETTINGS } from '#core/laterSettings.ts';
import { addSettings } from './complete.ts';

/** Runs gain KTO's weights and the pairs of a step. */
export const singleLabels = addSettings(LATER_SETTINGS.singleLabels);
