import { LATER_SETTINGS } from '#core/laterSettings.ts';
import { addSettings } from './complete.ts';

/** Runs gain the rule by which their best checkpoint was kept. */
export const bestBy = addSettings(LATER_SETTINGS.bestBy);
