/** Which languages texts are in, as the Library's table tells them. */
import { languageTeller } from '../data/table/language.ts';
import { Counter } from './Counter.ts';

/** ISO 639-1 codes, most first; `und` where a text is too short or too mixed to tell. */
export async function languagesOf(texts: readonly string[], tick: (done: number) => void) {
  const languageOf = await languageTeller();
  const counter = new Counter();
  for (const [done, text] of texts.entries()) {
    if (done % 64 === 0) tick(done);
    counter.add(languageOf(text) || 'und');
  }
  return counter.list();
}
