import { LATER_SETTINGS } from '#core/laterSettings.ts';
import { addFigures, addSettings } from './complete.ts';

/** Runs gain the settings that came with the warm start, evaluations what codes cause; what a project hides is named by what it is: blind. */
export const newerSettings = `
${addSettings(LATER_SETTINGS.warmStart)}
${addFigures('evaluation', ['codesInUse', 'causalRecovery'])}
UPDATE settings SET value = json_object(
  'guidelines', json_extract(value, '$.guidelines'),
  'blind', json(iif(coalesce(json_extract(value, '$.blind'), NOT json_extract(value, '$.revealBeforeVerdict')), 'true', 'false')))
WHERE key = 'project';
`;
