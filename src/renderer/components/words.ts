/** Signs of scripts that are written without spaces count one by one, as word processors count them. */
const SINGLE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
/** Runs of letters and digits, apostrophes and hyphens inside kept together. */
const WORD = /[\p{L}\p{N}]+(?:[’'-][\p{L}\p{N}]+)*/gu;

/** Words of a reply. */
export function countWords(text: string): number {
  let single = 0;
  const rest = text.replace(SINGLE, () => {
    single += 1;
    return ' ';
  });
  return single + (rest.match(WORD)?.length ?? 0);
}
