/**
 * h_x of prompts that a backbone at rest has read, by their token ids, which hold tokenizer, template, truncation and text:
 * whoever asks for the codes of the same prompts, by whichever checkpoint of heads over that backbone, needs no pass through it.
 */

import type { Engine } from '#compute/program.ts';
import type { RunConfig } from '#core/runConfig.ts';
import { hashText } from '#disk/hash.ts';
import { hiddenStateFolder } from './hiddenStateCache.ts';
import { MOST_BYTES_OF_RUN, openHiddenStates, type StoredHiddenStates } from './hiddenStateStore.ts';
import { writeHiddenStates } from './hiddenStateWriter.ts';

const FLOAT_BYTES = 4;
const VERSION = 1;

export interface PromptStatePlace {
  readonly folder: string;
  readonly key: string;
}

/** Whether a run leaves the backbone as it was, so that what one run reads off it holds for another. */
export const backboneRests = ({ trainable }: Pick<RunConfig, 'trainable'>): boolean => trainable === 'heads';

/** One place for each model, pooling and engine. */
export function promptStatePlace(
  cacheDir: string,
  {
    modelFingerprint,
    config,
    engine,
  }: {
    readonly modelFingerprint: string;
    readonly config: Pick<RunConfig, 'latent'>;
    readonly engine: Pick<Engine, 'name'>;
  },
): PromptStatePlace {
  const read = ['prompts', VERSION, modelFingerprint, config.latent?.pooling, engine.name];
  return { folder: hiddenStateFolder(cacheDir), key: hashText(JSON.stringify(read)) };
}

/** What is kept there, to be closed by the caller; null where that is nothing. */
export async function openPromptStates({
  folder,
  key,
}: PromptStatePlace): Promise<StoredHiddenStates | null> {
  const stored = await openHiddenStates(folder, key);
  return typeof stored === 'string' ? null : stored;
}

/** Adds h_x of the prompts that are not there yet, by their keys. Keeps nothing where there is no room. */
export async function keepPromptStates<T>(
  place: PromptStatePlace,
  prompts: ReadonlyMap<string, T>,
  stateOf: (prompt: T) => Promise<Float32Array>,
): Promise<void> {
  const stored = await openPromptStates(place);
  try {
    const added = [...prompts].filter(([key]) => !stored?.has(key));
    const [[, first] = []] = added;
    if (first === undefined) return;
    const kept = [...(stored?.keys() ?? [])];
    const bytes = (kept.length + added.length) * (await stateOf(first)).length * FLOAT_BYTES;
    const writer =
      bytes <= MOST_BYTES_OF_RUN ? await writeHiddenStates(place.folder, place.key, bytes) : null;
    if (writer === null) return;
    try {
      for (const key of kept)
        if (!writer.begun.has(key)) await writer.add(key, await (stored as StoredHiddenStates).of(key));
      for (const [key, prompt] of added)
        if (!writer.begun.has(key)) await writer.add(key, await stateOf(prompt));
      await stored?.close();
      await writer.finish(0);
    } finally {
      await writer.abandon();
    }
  } finally {
    await stored?.close();
  }
}
