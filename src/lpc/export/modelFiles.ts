/** What a model folder holds beside its weights. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { copyTo } from '#disk/writeFile.ts';

const BESIDE =
  /^(tokenizer.*|special_tokens_map\.json|added_tokens\.json|vocab\.(json|txt)|merges\.txt|generation_config\.json|chat_template\..*|LICENSE.*|NOTICE.*)$/i;

/** Copies tokenizer, chat template and licence; config and weights are written by the export itself. */
export async function copyBeside(modelDir: string, folder: string): Promise<void> {
  for (const entry of await readdir(modelDir, { withFileTypes: true })) {
    if (!entry.isDirectory() && BESIDE.test(entry.name)) {
      await copyTo(join(modelDir, entry.name), join(folder, entry.name));
    }
  }
}
