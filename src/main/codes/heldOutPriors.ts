/** p(z|x) of held-out prompts as a run's evaluations left it, read back. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Weights } from '#core/codeFlow/match.ts';
import { PRIORS_FOLDER, PRIORS_PROMPTS, priorsFile, priorsStep } from '#core/heldOutFile.ts';
import { FacetError } from '#core/result.ts';
import { isMissing } from '#disk/failures.ts';

export interface HeldOutPriors {
  readonly promptIds: readonly string[];
  /** An evaluation each, by step; rows in the order of `promptIds`. */
  readonly columns: readonly (Weights & { readonly step: number })[];
}

const promptIdsSchema = z.array(z.string()).min(1);

/** null where a run kept none. Throws `codes.priors-damaged`. */
export function heldOutPriors(runDir: string): HeldOutPriors | null {
  const folder = join(runDir, PRIORS_FOLDER);
  let steps: number[];
  let promptIds: readonly string[];
  try {
    steps = readdirSync(folder)
      .flatMap((name) => priorsStep(name) ?? [])
      .sort((a, b) => a - b);
    if (steps.length === 0) return null;
    promptIds = promptIdsSchema.parse(JSON.parse(readFileSync(join(folder, PRIORS_PROMPTS), 'utf8')));
  } catch (error) {
    if (isMissing(error)) return null;
    if (error instanceof SyntaxError || error instanceof z.ZodError)
      throw damaged(join(folder, PRIORS_PROMPTS));
    throw error;
  }
  const columns = steps.flatMap((step) => {
    const path = join(folder, priorsFile(step));
    const bytes = readIfThere(path);
    // Thinned out since the folder was read.
    if (bytes === null) return [];
    const codes = bytes.length / 4 / promptIds.length;
    if (!Number.isInteger(codes) || codes === 0) throw damaged(path);
    const weights = new Float32Array(promptIds.length * codes);
    new Uint8Array(weights.buffer).set(bytes);
    return [{ step, codes, weights }];
  });
  return { promptIds, columns };
}

function readIfThere(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

const damaged = (file: string): FacetError =>
  new FacetError({
    code: 'codes.priors-damaged',
    message: `What evaluations kept of the codes in ${file} is damaged.`,
    fix: 'Remove that file, or train again.',
    where: { file },
  });
