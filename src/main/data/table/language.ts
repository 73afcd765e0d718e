/** How much of a text is looked at. */
const LOOKED_AT = 160;

/** Scripts that one language is written in, or nearly so. Han alone is Chinese, beside kana it is Japanese. */
const SCRIPTS = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ['ko', /\p{Script=Hangul}/gu],
  ['zh', /\p{Script=Han}/gu],
  ['th', /\p{Script=Thai}/gu],
  ['el', /\p{Script=Greek}/gu],
  ['he', /\p{Script=Hebrew}/gu],
] as const;
const LETTER = /\p{L}/gu;
const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** What the letters alone say, where more than half are of such scripts: too little for a table of words is enough for that. */
function byScript(text: string): string {
  const letters = count(text, LETTER);
  const found = SCRIPTS.map(([language, script]) => ({ language, letters: count(text, script) }));
  if (2 * found.reduce((sum, { letters }) => sum + letters, 0) <= letters) return '';
  return found.find((one) => one.letters > 0)?.language ?? '';
}

/** Tells languages as ISO 639-1 codes; '' where a text is too short or too mixed to tell. Its tables take a second to load. */
export async function languageTeller(): Promise<(text: string) => string> {
  const { eld } = await import('eld/small');
  return (text) => {
    const beginning = text.slice(0, LOOKED_AT);
    const { language, isReliable } = eld.detect(beginning);
    return language !== '' && isReliable() ? language : byScript(beginning);
  };
}
