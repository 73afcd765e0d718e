/** For tests: checkpoints nobody trained, and exported policies opened by ONNX Runtime. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-node';
import type { Constant } from '#compute/program.ts';
import { normals } from '#core/random.ts';
import { DEFAULT_RUN, type RunConfig } from '#core/runConfig.ts';
import { modelFingerprint } from '#disk/modelFingerprint.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import { readConstant } from '../backbone/safetensorsRead.ts';
import { parameterGroups } from '../programs/policy.ts';
import { writeCheckpoint } from '../train/checkpoint.ts';
import { openModel } from '../train/prepare.ts';
import { writeOnnx } from './onnx/writeOnnx.ts';
import type { ExportSource } from './source.ts';

export const starterDir = fileURLToPath(new URL('../../../resources/starter', import.meta.url));

/** A checkpoint of values nobody trained: everything that may matter is far from zero. */
export async function checkpointOf(
  folder: string,
  config: RunConfig,
  std: (name: string) => number = () => 0.05,
): Promise<string> {
  const { model } = await openModel(starterDir);
  const groups = parameterGroups(config, model.config);
  const specs = { ...groups.heads, ...groups.fixed, ...groups.backbone };
  const trained = Object.fromEntries(
    Object.entries(specs).map(([name, { shape }], counter) => {
      const size = shape.reduce((product, length) => product * length, 1);
      return [name, normals({ seed: 5, stream: 'export', counter }, size, std(name))];
    }),
  );
  const { path } = await writeCheckpoint({
    root: join(folder, 'checkpoints'),
    kind: 'last',
    config: {
      format: 1,
      run: config,
      step: 1,
      model: model.info,
      modelFingerprint: await modelFingerprint(starterDir, join(folder, 'cache')),
    },
    specs,
    trained,
    start: null,
    resumable: null,
  });
  return path;
}

export const openSession = (dir: string): Promise<ort.InferenceSession> =>
  ort.InferenceSession.create(join(dir, 'policy.onnx'));

export const tokenIds = (rows: readonly (readonly number[])[]): ort.Tensor =>
  new ort.Tensor('int64', BigInt64Array.from(rows.flat().map(BigInt)), [rows.length, rows[0]?.length ?? 0]);

/** Writes a model to a folder that is there, with nothing trained. */
export async function writeAsItIs(model: ModelFolder, dir: string): Promise<ModelFolder> {
  const source = {
    model,
    config: { ...DEFAULT_RUN, latent: null, trainable: 'heads' },
    checkpoint: { config: { step: 0 }, trained: {} },
    weight: (name: string) => readConstant(model.tensors[name] as Constant),
  };
  await writeOnnx(source as unknown as ExportSource, dir);
  return model;
}

/** A model folder, exported to `dir` without anything trained, and opened. */
export async function openBase(modelDir: string, dir: string): Promise<ort.InferenceSession> {
  await mkdir(dir);
  await writeAsItIs((await openModel(modelDir)).model, dir);
  return openSession(dir);
}
