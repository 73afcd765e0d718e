/** Tokens that end a reply. */
import { join } from 'node:path';
import { readJsonObject } from '../backbone/files.ts';
import type { ModelFolder } from '../backbone/modelFolder.ts';
import { modelTexts } from '../gguf/place.ts';
import type { Tokenizer } from '../tokens/tokenizer.ts';

/** The tokenizer's end of turn, and what `config.json` and `generation_config.json` name: one id or several. */
export async function stopTokens(model: ModelFolder, tokenizer: Tokenizer): Promise<ReadonlySet<number>> {
  const read = await modelTexts(model.dir);
  const stated = (await readJsonObject(join(model.dir, 'generation_config.json'), read))?.eos_token_id;
  const listed: unknown[] = Array.isArray(stated) ? stated : [stated];
  const ids = listed.filter((id): id is number => Number.isInteger(id) && (id as number) >= 0);
  return new Set([tokenizer.endOfTurnId, ...model.config.eosTokenIds, ...ids]);
}
