/** The language that decides how Han signs are drawn, by the scripts beside them; undefined where there are none. */
export function languageOf(text: string): 'ja' | 'ko' | 'zh' | undefined {
  const head = text.slice(0, 2_000);
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(head)) return 'ja';
  if (/\p{Script=Hangul}/u.test(head)) return 'ko';
  return /\p{Script=Han}/u.test(head) ? 'zh' : undefined;
}
