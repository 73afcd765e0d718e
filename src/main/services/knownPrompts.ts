/** Prompts that a checkpoint is known to have been trained on, with what its prior reads of them: typed ones are held beside them. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { CodesResult } from '#core/jobs.ts';
import { isMissing } from '#disk/failures.ts';
import { readJsonLines } from '#disk/lines.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { heldOutPrompts } from '../data/runDataset.ts';

const knownSchema = z.object({
  promptIds: z.array(z.number()),
  usual: z.object({ median: z.number(), most: z.number() }).nullable(),
});
export interface KnownPrompts extends z.infer<typeof knownSchema> {
  /** h_x of each, float32. */
  readonly path: string;
}

export const knownStatesPath = (runDir: string, step: number): string => join(runDir, `known-${step}.f32`);
const notePath = (runDir: string, step: number): string => join(runDir, `known-${step}.json`);

const datasetRow = z.object({ promptId: z.string() });

/** Ids of the project's prompts in a run's dataset that were not held out; prompts of labels of single replies are no prompts of pairs. */
export async function trainedPrompts(runDir: string): Promise<Set<number>> {
  const heldOut = new Set(await heldOutPrompts(runDir));
  const trained = new Set<number>();
  for await (const { promptId } of readJsonLines(join(runDir, 'dataset.jsonl'), (row) =>
    datasetRow.parse(row),
  ))
    if (!heldOut.has(promptId) && /^\d+$/.test(promptId)) trained.add(Number(promptId));
  return trained;
}

/** Notes whose states were written, and removes those of checkpoints that are gone. */
export async function keepKnown(
  runDir: string,
  step: number,
  { places, usual }: NonNullable<CodesResult['known']>,
  promptIds: readonly number[],
  kept: readonly number[],
): Promise<void> {
  const note = { promptIds: places.map((place) => promptIds[place] as number), usual };
  await writeFileAtomic(notePath(runDir, step), [JSON.stringify(note)]);
  const names = new Set(kept.flatMap((one) => [`known-${one}.f32`, `known-${one}.json`]));
  for (const name of await readdir(runDir))
    if (/^known-\d+\.(f32|json)$/.test(name) && !names.has(name))
      await rm(join(runDir, name), { force: true });
}

/** null where the codes were read before it was kept. */
export async function knownPrompts(runDir: string, step: number): Promise<KnownPrompts | null> {
  try {
    const note = knownSchema.parse(JSON.parse(await readFile(notePath(runDir, step), 'utf8')));
    return { ...note, path: knownStatesPath(runDir, step) };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
