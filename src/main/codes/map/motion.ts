/** Held-out prompts over a run's evaluations, all in one plane, so that what moves has moved. */
import { strongestCodes } from '#core/codebook.ts';
import { principalPlane } from '#core/layout/principalPlane.ts';
import type { MapMotion } from '#shared/mapMotion.ts';
import { base64Of } from '../base64.ts';
import { heldOutPriors } from '../heldOutPriors.ts';
import { placesOf } from './places.ts';

/** null where evaluations kept nothing. `preview`: the beginning of a prompt. Throws `codes.priors-damaged`. */
export function motionOf(runDir: string, preview: (promptId: number) => string): MapMotion | null {
  const kept = heldOutPriors(runDir);
  const codes = kept?.columns.at(-1)?.codes;
  if (kept === null || codes === undefined) return null;
  const columns = kept.columns.filter((column) => column.codes === codes);
  const rows = kept.promptIds.length;
  const values = new Float32Array(columns.length * rows * codes);
  const strongest = new Uint16Array(columns.length * rows);
  for (const [at, { weights }] of columns.entries()) {
    // √p(z|x), as the map compares mixes: distances are Hellinger's.
    for (let place = 0; place < rows * codes; place++)
      values[at * rows * codes + place] = Math.sqrt(weights[place] as number);
    strongest.set(strongestCodes(weights, codes), at * rows);
  }
  const { coordinates, explained } = principalPlane({ values, width: codes }, () => undefined);
  const promptIds = kept.promptIds.map(Number);
  return {
    codes,
    steps: columns.map(({ step }) => step),
    promptIds,
    previews: promptIds.map(preview),
    places: base64Of(placesOf(coordinates)),
    strongest: base64Of(strongest),
    explained: [...explained],
  };
}
