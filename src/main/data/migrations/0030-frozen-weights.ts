import { LATER_SETTINGS } from '#core/laterSettings.ts';
import { addSettings } from './complete.ts';

/** Runs gain what their frozen weights are held in. */
export const frozenWeights = addSettings(LATER_SETTINGS.frozenWeights);
