/** What a run starts from: an adapter of PEFT's, or an earlier run's. */
import { join } from 'node:path';
import type { LowRank } from '#compute/stored/lowRank.ts';
import type { TrainJob } from '#core/jobs.ts';
import { FacetError } from '#core/result.ts';
import { modelFingerprint } from '#disk/modelFingerprint.ts';
import { fileExists } from '../backbone/files.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import { ADAPTER_CONFIG, readPeftAdapter } from '../backbone/peftAdapter.ts';
import {
  besideEachOther,
  productsIn,
  productsOfStart,
  type StartingAdapter,
  startFingerprint,
  startOf,
} from '../backbone/startingAdapter.ts';
import { type Checkpoint, readCheckpoint } from './checkpoint.ts';

/** Both products of each module that has two. */
function joined(first: ReadonlyMap<string, LowRank>, second: ReadonlyMap<string, LowRank>) {
  const all = new Map(first);
  for (const [module, product] of second) {
    const before = all.get(module);
    all.set(module, before ? besideEachOther(before, product, product.b.length / product.rank) : product);
  }
  return all;
}

/** What a run's checkpoint adds to its model: what it started from and its own adapter. */
export function productsOf({ config: { run }, trained, start }: Checkpoint): Map<string, LowRank> {
  return joined(productsOfStart(start), productsIn(trained, run.loraAlpha / run.loraRank));
}

function requireAdapter({ dir, config: { run } }: Checkpoint): void {
  if (run.trainable === 'lora') return;
  const isFull = run.trainable === 'full';
  throw new FacetError({
    code: 'start.no-adapter',
    message: isFull
      ? 'That run trained all weights: it is a model of its own, not an adapter to start from.'
      : 'That run trained heads alone and left the model as it was: there is nothing of it to start from.',
    fix: isFull
      ? 'Export it as a merged folder, add that as a model, and train on it.'
      : 'Start from the model itself.',
    where: { file: dir, field: 'startFrom' },
  });
}

async function ofCheckpoint(
  dir: string,
  model: ModelFolder,
  cacheDir: string | null,
): Promise<StartingAdapter> {
  const checkpoint = await readCheckpoint(dir);
  requireAdapter(checkpoint);
  const { modelFingerprint: trainedOn } = checkpoint.config;
  const own = startFingerprint(await modelFingerprint(model.dir, cacheDir), checkpoint.start);
  if (trainedOn !== own)
    throw new FacetError({
      code: 'start.other-model',
      message:
        'The earlier run was trained on another model than the one chosen now, or on other files of it.',
      fix: 'Choose the model that it was trained on.',
      where: { file: dir, field: 'startFrom' },
    });
  return startOf(productsOf(checkpoint));
}

/**
 * Of a folder with a PEFT adapter, or of a run's checkpoint over the same model. z has no part in it.
 * Throws `start.…`, `checkpoint.…`, `model.…`.
 */
export async function readStart(
  dir: string,
  model: ModelFolder,
  cacheDir: string | null,
): Promise<StartingAdapter> {
  if (await fileExists(join(dir, ADAPTER_CONFIG))) return startOf(await readPeftAdapter(dir));
  if (await fileExists(join(dir, 'trained.safetensors'))) return ofCheckpoint(dir, model, cacheDir);
  throw new FacetError({
    code: 'start.nothing-there',
    message: `${dir} holds neither an adapter (${ADAPTER_CONFIG}) nor a checkpoint.`,
    fix: 'Choose a folder that PEFT saved an adapter in, or an earlier run.',
    where: { file: dir, field: 'startFrom' },
  });
}

/** What a job's run starts from, null for the model itself. Throws what `readStart` throws. */
export async function startOfJob(
  { config, startDir }: Pick<TrainJob, 'config' | 'startDir'>,
  model: ModelFolder,
  cacheDir: string | null,
): Promise<StartingAdapter | null> {
  const dir = startDir ?? config.startFrom;
  return dir === null ? null : readStart(dir, model, cacheDir);
}

/** Of a model's files, and of what a run started from. */
export const weightsFingerprint = async (
  { dir, start }: Pick<ModelFolder, 'dir' | 'start'>,
  cacheDir: string | null,
): Promise<string> => startFingerprint(await modelFingerprint(dir, cacheDir), start ?? null);
