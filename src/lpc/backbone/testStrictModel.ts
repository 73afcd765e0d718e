import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PreferencePair } from '#core/preference.ts';
import { storiesDir } from './testModel.ts';

/** stories260K in a folder of its own, with a chat template that refuses each message that speaks of a template. */
export async function makeStrictModel(folder: string): Promise<string> {
  await cp(storiesDir, folder, { recursive: true });
  const chat_template =
    "{% for m in messages %}{% if 'template' in m['content'] %}{{ raise_exception('not this') }}{% endif %}{{ m['content'] }}</s>{% endfor %}";
  const config = { bos_token: '<s>', eos_token: '</s>', chat_template };
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
  return folder;
}

/** The pair with a question that such a template refuses. */
export const refusedByStrictModel = (pair: PreferencePair): PreferencePair => ({
  ...pair,
  messages: [{ role: 'user', content: `A template of ${pair.id}` }],
});
