/** Model folders with random weights: any size, a real tokenizer. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { copyTo, writeFileAtomic } from '#disk/writeFile.ts';
import { parseConfig } from '#lpc/backbone/config.ts';
import { writeSafetensors } from '#lpc/backbone/safetensorsWrite.ts';
import { type BenchSize, configJsonOf, randomWeights } from './reference.ts';

const TOKENIZER_FILES = ['tokenizer.json', 'tokenizer_config.json'];

/** Writes a Llama of this size into `dir`; the vocabulary may be larger than the tokenizer's. */
export async function writeRandomModel(dir: string, size: BenchSize, tokenizerDir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const json = configJsonOf(size);
  await writeFileAtomic(join(dir, 'config.json'), [JSON.stringify(json)]);
  for (const name of TOKENIZER_FILES) await copyTo(join(tokenizerDir, name), join(dir, name));
  const weights = randomWeights(parseConfig(json, 'random'), 1);
  await writeSafetensors(
    join(dir, 'model.safetensors'),
    Object.fromEntries(
      Object.entries(weights).map(([name, { spec, source }]) => {
        if (source.kind !== 'data' || !(source.data instanceof Float32Array)) throw new TypeError(name);
        return [name, { shape: spec.shape, data: source.data }];
      }),
    ),
  );
}
