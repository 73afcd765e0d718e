/** One code in detail. */
import { topRows } from '#core/codebook.ts';
import { borderlineRows, randomRows, rowsOfCode } from '#core/codePage.ts';
import { replyWords } from '#core/replyWords.ts';
import type { CodePage, TopPrompt } from '#shared/entities.ts';
import type { codePairs } from '../data/codePairs.ts';
import type { StoredCodes } from '../data/storedCodes.ts';

const TOP = 12;
const OTHERS = 8;

export function codePage(
  { codes, promptIds, weights }: StoredCodes,
  pairs: ReturnType<typeof codePairs>,
  code: number,
  shown: (row: number) => TopPrompt,
): CodePage {
  const own = rowsOfCode(weights, codes, code);
  const ids = own.map((row) => promptIds[row] as number);
  const labelled = pairs.labelled(ids);
  const words = replyWords(labelled);
  return {
    prompts: own.length,
    pairs: pairs.count(ids),
    top: topRows(weights, codes, code, TOP).map(shown),
    random: randomRows(own, (row) => promptIds[row] as number, OTHERS).map(shown),
    borderline: borderlineRows(weights, codes, code, OTHERS).map(shown),
    aspects: pairs.aspects(ids),
    chosenWords: [...words.chosen],
    rejectedWords: [...words.rejected],
    labelled: labelled.length,
  };
}
