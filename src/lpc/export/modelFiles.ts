/** What a model folder holds beside its weights. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ggufAt } from '#disk/modelPlace.ts';
import { copyTo, writeFileAtomic } from '#disk/writeFile.ts';
import { modelTexts } from '../gguf/place.ts';

const BESIDE =
  /^(tokenizer.*|special_tokens_map\.json|added_tokens\.json|vocab\.(json|txt)|merges\.txt|generation_config\.json|chat_template\..*|LICENSE.*|NOTICE.*)$/i;

const TOKENIZER_FILES = ['tokenizer.json', 'tokenizer_config.json'];

/** Copies tokenizer, chat template and licence; config and weights are written by the export itself. */
export async function copyBeside(modelDir: string, folder: string): Promise<void> {
  if ((await ggufAt(modelDir)) !== null) return writeTokenizer(modelDir, folder);
  for (const entry of await readdir(modelDir, { withFileTypes: true })) {
    if (!entry.isDirectory() && BESIDE.test(entry.name)) {
      await copyTo(join(modelDir, entry.name), join(folder, entry.name));
    }
  }
}

/** A GGUF file has its tokenizer in its metadata: written out as the files that other loaders read. */
async function writeTokenizer(modelDir: string, folder: string): Promise<void> {
  const read = await modelTexts(modelDir);
  for (const name of TOKENIZER_FILES) {
    const text = await read(join(modelDir, name));
    if (text !== null) await writeFileAtomic(join(folder, name), [text]);
  }
}
