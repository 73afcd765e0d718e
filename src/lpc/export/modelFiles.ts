/** What a model folder holds beside its weights. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunConfig } from '#core/runConfig.ts';
import { ggufAt } from '#disk/modelPlace.ts';
import { copyTo, writeFileAtomic } from '#disk/writeFile.ts';
import { readJsonObject } from '../backbone/files.ts';
import { modelTexts } from '../gguf/place.ts';
import { templateSource } from '../tokens/knownTemplates.ts';

const BESIDE =
  /^(tokenizer.*|special_tokens_map\.json|added_tokens\.json|vocab\.(json|txt)|merges\.txt|generation_config\.json|chat_template\..*|LICENSE.*|NOTICE.*)$/i;

const TOKENIZER_FILES = ['tokenizer.json', 'tokenizer_config.json'];

/**
 * Copies tokenizer, chat template and licence; config and weights are written by the export itself. A template that the run chose takes
 * the place of the model's.
 */
export async function copyBeside(
  modelDir: string,
  folder: string,
  { chatTemplate }: Pick<RunConfig, 'chatTemplate'>,
): Promise<void> {
  await copyAll(modelDir, folder);
  if (chatTemplate === null) return;
  await writeFileAtomic(join(folder, TEMPLATE_FILE), [templateSource(chatTemplate)]);
  // Loaders read the file before what the config states, but not all of them.
  const path = join(folder, 'tokenizer_config.json');
  const config = await readJsonObject(path);
  if (config === null) return;
  const { chat_template: _, ...rest } = config;
  await writeFileAtomic(path, [`${JSON.stringify(rest, null, 2)}\n`]);
}

const TEMPLATE_FILE = 'chat_template.jinja';

async function copyAll(modelDir: string, folder: string): Promise<void> {
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
