/** p(z|x) of held-out prompts as evaluations left it: how codes come and go while a run trains is read from it. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PRIORS_FOLDER, PRIORS_PROMPTS, priorsFile, priorsStep } from '#core/heldOutFile.ts';
import { hash32 } from '#core/random.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import type { MeasuredPair } from './evaluation.ts';

/** Prompts that are kept, always the same ones. */
const MOST_PROMPTS = 1000;
/** Evaluations that are kept: of more, every second goes, never the first and the newest. */
const MOST_STEPS = 64;

/** Of one evaluation; nothing where the method has no codes. */
export async function keepPriors(
  runDir: string,
  step: number,
  measured: readonly Pick<MeasuredPair, 'pair' | 'prior'>[],
): Promise<void> {
  const priors = new Map<string, Float32Array>();
  for (const { pair, prior } of measured) if (prior !== null) priors.set(pair.promptId, prior);
  if (priors.size === 0) return;
  const promptIds = [...priors.keys()]
    .map((id) => ({ id, place: hash32(`held-out-priors.${id}`) }))
    .sort((a, b) => a.place - b.place || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_PROMPTS)
    .map(({ id }) => id);
  const codes = (priors.get(promptIds[0] as string) as Float32Array).length;
  const weights = new Float32Array(promptIds.length * codes);
  for (const [row, id] of promptIds.entries()) weights.set(priors.get(id) as Float32Array, row * codes);
  const folder = join(runDir, PRIORS_FOLDER);
  await mkdir(folder, { recursive: true });
  await writeFileAtomic(join(folder, PRIORS_PROMPTS), [JSON.stringify(promptIds)]);
  await writeFileAtomic(join(folder, priorsFile(step)), [new Uint8Array(weights.buffer)]);
  const steps = (await readdir(folder)).flatMap((name) => priorsStep(name) ?? []).sort((a, b) => a - b);
  if (steps.length <= MOST_STEPS) return;
  for (const [place, old] of steps.entries())
    if (place % 2 === 1 && place < steps.length - 1) await rm(join(folder, priorsFile(old)), { force: true });
}
