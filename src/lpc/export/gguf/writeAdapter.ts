/** A LoRA adapter as a `.gguf` file that llama.cpp applies over the base model's own. */
import { join } from 'node:path';
import { methodName } from '#core/methods.ts';
import { ggufName } from '../../gguf/tensorNames.ts';
import { adapterOf } from '../adapter.ts';
import type { ExportSource } from '../source.ts';
import { ggufBase } from './source.ts';
import type { GgufValue } from './values.ts';
import { type GgufTensorToWrite, writeGguf } from './writeGguf.ts';
import { inFileOrder, latentMetadata } from './writeModel.ts';

const bytesOf = (values: Float32Array) => async () => new Uint8Array(values.slice().buffer);

/** Float32: A (rank, in) and B (out, rank) of each module; llama.cpp scales their product by α over the rank. */
export async function writeGgufAdapter(source: ExportSource, folder: string): Promise<string[]> {
  const { config, model } = source;
  const { rank, alpha, modules, notes } = adapterOf(
    source,
    config.trainable === 'full' ? 'Export the GGUF model instead.' : 'Export the codebook instead.',
  );
  const base = await ggufBase(model);
  const tensors = modules.flatMap(({ target, inSize, outSize, a, b }): GgufTensorToWrite[] => {
    const name = ggufName(`${target}.weight`, model.config);
    const ordered = inFileOrder(`${target}.weight`, b, outSize, base, model.config);
    return [
      { name: `${name}.lora_a`, shape: [rank, inSize], type: 'F32', bytes: bytesOf(a) },
      { name: `${name}.lora_b`, shape: [outSize, rank], type: 'F32', bytes: bytesOf(ordered) },
    ];
  });
  const metadata = new Map<string, GgufValue>([
    ['general.architecture', base.architecture],
    ['general.type', 'adapter'],
    ['general.name', `${methodName(config)} adapter`],
    ['general.file_type', { u32: 0 }],
    ['adapter.type', 'lora'],
    ['adapter.lora.alpha', { f32: alpha }],
    ...latentMetadata(source),
  ]);
  await writeGguf(join(folder, 'adapter.gguf'), metadata, tensors);
  return [
    ...notes,
    'The adapter is applied over a GGUF file of the base model: llama-server -m BASE.gguf --lora adapter.gguf.',
  ];
}
