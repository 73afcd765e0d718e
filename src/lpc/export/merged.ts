/** A model folder as any Llama-family loader reads it, with what was trained merged into the weights. */

import { join } from 'node:path';
import { writeFileAtomic } from '#disk/writeFile.ts';
import { readJsonObject } from '../backbone/files.ts';
import { writeSafetensors } from '../backbone/safetensorsWrite.ts';
import { weightShapes } from '../backbone/weightNames.ts';
import { modelTexts } from '../gguf/place.ts';
import { cannotCarry } from './failures.ts';
import { copyBeside } from './modelFiles.ts';
import type { ExportSource } from './source.ts';

const NAMES = { F32: 'float32', BF16: 'bfloat16' } as const;

/** Weights, config and tokenizer. Float32 keeps small updates, which 16 bits round away. Gives what to tell. */
export async function writeMerged(
  source: ExportSource,
  folder: string,
  dtype: keyof typeof NAMES,
): Promise<string[]> {
  const { config, model, checkpoint } = source;
  if (config.trainable === 'heads' && checkpoint.start === null) {
    throw cannotCarry(
      'This run left the backbone as it was: a merged folder would be a copy of the base model.',
      'Export the codebook or the ONNX policy instead.',
    );
  }
  const shapes = Object.entries(weightShapes(model.config));
  const tensors = Object.fromEntries(
    shapes.map(([name, shape]) => [name, { shape, data: () => source.weight(name) }]),
  );
  await writeSafetensors(join(folder, 'model.safetensors'), tensors, { dtype });
  const stated = await readJsonObject(join(model.dir, 'config.json'), await modelTexts(model.dir));
  const { torch_dtype: _, ...rest } = stated ?? {};
  const merged = { ...rest, dtype: NAMES[dtype], torch_dtype: NAMES[dtype] };
  await writeFileAtomic(join(folder, 'config.json'), [`${JSON.stringify(merged, null, 2)}\n`]);
  await copyBeside(model.dir, folder, config);
  if (dtype === 'BF16')
    return [
      'Weights are rounded to bfloat16 after merging: 8 bits of each value, so that what training changed by less than about a 500th of a weight is lost.',
    ];
  return model.info.dtype === 'F32'
    ? []
    : [
        `The base model's weights are ${model.info.dtype}; these are float32, so that no trained change is rounded away.`,
      ];
}
