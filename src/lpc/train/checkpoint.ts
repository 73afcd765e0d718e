/**
 * Checkpoints: `trained.safetensors` (adapter, heads, codebook, or all weights under full fine-tuning),
 * `config.json`, `start.safetensors` where the run started from an adapter, where training may go on from it
 * `optimiser.safetensors` and `progress.json`, and a manifest with every hash.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { NamedData, NamedSpecs, TensorData, TensorSpec } from '#compute/program.ts';
import { isFloatDtype } from '#compute/stored/encodeFloats.ts';
import type { ModelInfo } from '#core/jobs.ts';
import { withLaterSettings } from '#core/laterSettings.ts';
import { FacetError, toFailure } from '#core/result.ts';
import type { RunConfig } from '#core/runConfig.ts';
import type { CheckpointFrame } from '#core/runFrames.ts';
import { type FolderSeal, verifyFolder, writeFolderAtomic } from '#disk/folder.ts';
import { readText } from '#disk/readText.ts';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { fileExists } from '../backbone/files.ts';
import { loraNameA, loraNameB } from '../backbone/lora.ts';
import { openTensorFile, readConstant } from '../backbone/safetensorsRead.ts';
import { writeSafetensors } from '../backbone/safetensorsWrite.ts';
import { productsIn, type StartingAdapter, startOf } from '../backbone/startingAdapter.ts';
import type { StoredProgress } from './progress.ts';

const FORMAT = 1;
const TRAINED = 'trained.safetensors';
const START = 'start.safetensors';
const OPTIMISER = 'optimiser.safetensors';
const CONFIG = 'config.json';
const PROGRESS = 'progress.json';

interface CheckpointConfig {
  readonly format: typeof FORMAT;
  readonly run: RunConfig;
  /** Steps done; noise, order and rates of the next one follow from it and the seed. */
  readonly step: number;
  /** The model that it belongs to, and a fingerprint of its files. */
  readonly model: ModelInfo;
  readonly modelFingerprint: string;
}

export type EngineState = Readonly<Record<string, { readonly spec: TensorSpec; readonly data: TensorData }>>;

export interface Checkpoint extends FolderSeal {
  readonly dir: string;
  readonly config: CheckpointConfig;
  readonly trained: EngineState;
  /** What is merged into the model's weights before anything trained. */
  readonly start: StartingAdapter | null;
}

export interface CheckpointToWrite {
  /** Folder that holds the run's checkpoints. */
  readonly root: string;
  readonly kind: CheckpointFrame['kind'];
  readonly config: CheckpointConfig;
  readonly specs: NamedSpecs;
  readonly trained: NamedData;
  readonly start: StartingAdapter | null;
  /** Moments and progress, for training to go on; null leaves them out. */
  readonly resumable: { readonly optimiser: NamedData; readonly progress: StoredProgress } | null;
}

function tensorsToWrite(specs: NamedSpecs, data: NamedData) {
  return Object.fromEntries(
    Object.entries(data)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, values]) => {
        const spec = specs[name];
        if (!spec || !(values instanceof Float32Array)) throw new RangeError(`no float32 spec for ${name}`);
        return [name, { shape: spec.shape, data: values }];
      }),
  );
}

function startToWrite({ modules }: StartingAdapter) {
  return Object.fromEntries(
    [...modules].flatMap(([module, { a, b, rank }]) => [
      [loraNameA(module), { shape: [rank, a.length / rank], data: a }],
      [loraNameB(module), { shape: [b.length / rank, rank], data: b }],
    ]),
  );
}

/** Writes a checkpoint in a folder named by kind and step; the frame is given once it is complete and hashed. */
export async function writeCheckpoint(checkpoint: CheckpointToWrite): Promise<CheckpointFrame> {
  const { root, kind, config, specs, trained, start, resumable } = checkpoint;
  const path = join(root, `${kind}-${String(config.step).padStart(6, '0')}`);
  await rm(path, { recursive: true, force: true });
  const seal = await writeFolderAtomic(path, async (folder) => {
    await writeSafetensors(join(folder, TRAINED), tensorsToWrite(specs, trained));
    if (start !== null) await writeSafetensors(join(folder, START), startToWrite(start));
    if (resumable !== null) {
      await writeSafetensors(join(folder, OPTIMISER), tensorsToWrite(specs, resumable.optimiser));
      await writeFileAtomic(join(folder, PROGRESS), [`${JSON.stringify(resumable.progress, null, 1)}\n`]);
    }
    await writeFileAtomic(join(folder, CONFIG), [`${JSON.stringify(config, null, 2)}\n`]);
  });
  return { type: 'checkpoint', step: config.step, kind, path, ...seal };
}

async function readTensors(path: string): Promise<EngineState> {
  const file = await openTensorFile(path);
  const state: Record<string, { spec: TensorSpec; data: TensorData }> = {};
  for (const entry of file.entries.values()) {
    if (!isFloatDtype(entry.dtype)) throw new RangeError(`${path}: ${entry.name} is ${entry.dtype}`);
    const spec: TensorSpec = { shape: entry.shape, dtype: 'float32' };
    const { offset, bytes, dtype } = entry;
    state[entry.name] = {
      spec,
      data: await readConstant({ spec, source: { kind: 'file', path, offset, bytes, dtype } }),
    };
  }
  return state;
}

function configOf(text: string, file: string): CheckpointConfig {
  const wrong = (reason: string) =>
    new FacetError({
      code: 'checkpoint.unreadable',
      message: `${file} can't be used: ${reason}`,
      fix: 'Use another checkpoint of the run, or train again.',
      where: { file },
    });
  let config: CheckpointConfig;
  try {
    config = JSON.parse(text) as CheckpointConfig;
  } catch (error) {
    throw wrong(`it is not JSON (${error instanceof Error ? error.message : error}).`);
  }
  if (config.format !== FORMAT)
    throw wrong(`it has format ${config.format}, but this version reads ${FORMAT}.`);
  return { ...config, run: withLaterSettings(config.run) };
}

/** Checks every hash of a checkpoint; throws `checkpoint.incomplete` where a file is missing or has changed. */
export async function verifyCheckpoint(dir: string): Promise<FolderSeal> {
  try {
    return await verifyFolder(dir);
  } catch (error) {
    const { message } = toFailure(error);
    const fix = 'Use another checkpoint of the run, or train again.';
    throw new FacetError(
      { code: 'checkpoint.incomplete', message, fix, where: { file: dir } },
      { cause: error },
    );
  }
}

/**
 * Checks every hash, then reads config and trained state; settings that came after it was written are added: a sealed file stays as it is.
 * Throws `checkpoint.…`.
 */
export async function readCheckpoint(dir: string): Promise<Checkpoint> {
  const seal = await verifyCheckpoint(dir);
  const file = join(dir, CONFIG);
  const config = configOf(await readText(file), file);
  const startFile = join(dir, START);
  const start = (await fileExists(startFile)) ? startOf(productsIn(await readTensors(startFile), 1)) : null;
  return { dir, ...seal, config, trained: await readTensors(join(dir, TRAINED)), start };
}

/** Moments of a checkpoint that holds them. */
export const readOptimiser = (dir: string): Promise<EngineState> => readTensors(join(dir, OPTIMISER));

/** Progress of a checkpoint that holds it, else null. */
export async function readProgress(dir: string): Promise<StoredProgress | null> {
  try {
    return JSON.parse(await readText(join(dir, PROGRESS))) as StoredProgress;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
