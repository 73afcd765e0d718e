import { LATER_SETTINGS } from '#core/laterSettings.ts';
import { addSettings } from './complete.ts';

/** Runs gain the chat template and the reference model that were chosen for them. */
export const templateAndReference = addSettings(LATER_SETTINGS.templateAndReference);
