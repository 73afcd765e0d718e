import { LATER_SETTINGS } from '#core/laterSettings.ts';
import { addSettings } from './complete.ts';

/** Runs gain the settings that came with ORPO, CPO and the kinds of DPO. */
export const moreObjectives = addSettings(LATER_SETTINGS.objectives);
