import { LATER_SETTINGS } from '#core/laterSettings.ts';
import { addSettings } from './complete.ts';

/** Runs gain what they start from: the model itself until now. */
export const starts = addSettings(LATER_SETTINGS.starts);
