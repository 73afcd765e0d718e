/** Codes that a job forced on its held-out pairs, as `resources/job/lpc/causes.py` left their margins. */
import { join } from 'node:path';
import { z } from 'zod';
import { causesFrame } from '#core/causes/frame.ts';
import { FacetError } from '#core/result.ts';
import type { CausesFrame, RunFrame } from '#core/runFrames.ts';
import { readText } from '#disk/readText.ts';
import type { OpenResult } from './openResult.ts';

const pairSchema = z.object({
  promptId: z.string(),
  group: z.string(),
  strongest: z.number().int().nonnegative(),
  margin: z.number(),
  forced: z.array(z.number()),
  pinned: z.array(z.number()),
  off: z.number(),
  shared: z.number(),
});
const forcedSchema = z.object({
  pairs: z.number().int().positive(),
  heldOutPairs: z.number().int().positive(),
  codes: z.array(z.number().int().nonnegative()),
  codesLeftOut: z.number().int().nonnegative(),
  groupedBy: z.enum(['source', 'aspect']).nullable(),
  forced: z.array(pairSchema),
});

const NAME = /^forced-(\d+)\.json$/;

const damaged = (file: string): FacetError =>
  new FacetError({
    code: 'job.damaged-result',
    message: `${file} can’t be taken: its margins are not as they should be.`,
    fix: 'Copy the result again, whole.',
    where: { file },
  });

function parsed(text: string, file: string): z.infer<typeof forcedSchema> {
  try {
    const found = forcedSchema.parse(JSON.parse(text));
    const { length } = found.codes;
    if (found.forced.every(({ forced, pinned }) => forced.length === length && pinned.length === length))
      return found;
  } catch {
    throw damaged(file);
  }
  throw damaged(file);
}

async function causesIn(folder: string, name: string, step: number, seed: number): Promise<CausesFrame> {
  const file = join(folder, name);
  const { pairs: drawn, forced: pairs, ...rest } = parsed(await readText(file), file);
  return causesFrame({ ...rest, step, drawn, pairs }, seed);
}

/** The frames of a result, with what its codes cause before the evaluation that it belongs to. Throws `job.damaged-result`. */
export async function framesWithCauses(
  { folder, seal, frames }: OpenResult,
  seed: number,
): Promise<RunFrame[]> {
  const found = new Map<number, CausesFrame>();
  for (const name of Object.keys(seal.files)) {
    const step = NAME.exec(name)?.[1];
    if (step !== undefined) found.set(Number(step), await causesIn(folder, name, Number(step), seed));
  }
  return frames.flatMap((frame): RunFrame[] => {
    const causes = frame.type === 'evaluation' ? found.get(frame.step) : undefined;
    if (causes === undefined || frame.type !== 'evaluation') return [frame];
    return [causes, { ...frame, causalRecovery: causes.causes?.recovery ?? null }];
  });
}
