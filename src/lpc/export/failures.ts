import { FacetError } from '#core/result.ts';

/** Why a run can't be written in a format. */
export const cannotCarry = (message: string, fix: string): FacetError =>
  new FacetError({ code: 'export.not-this-run', message, fix });
