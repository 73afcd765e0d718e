/** Which languages texts are in. Pure but for the tables of letters that are loaded with the first question. */
import { Counter } from './Counter.ts';

/** ISO 639-1 codes, most first; `und` where a text is too short or too mixed to tell. */
export async function languagesOf(texts: readonly string[], tick: (done: number) => void) {
  const { eld } = await import('eld/small');
  const counter = new Counter();
  for (const [done, text] of texts.entries()) {
    if (done % 64 === 0) tick(done);
    const { language, isReliable } = eld.detect(text);
    counter.add(language !== '' && isReliable() ? language : 'und');
  }
  return counter.list();
}
