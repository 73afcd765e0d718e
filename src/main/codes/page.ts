/** One code in detail. */
import { type RankedRows, randomRows, rowsOfCode } from '#core/codePage.ts';
import { agreements } from '#core/raters/agreements.ts';
import { replyWords } from '#core/replyWords.ts';
import type { CodePage, TopPrompt } from '#shared/entities.ts';
import type { codePairs } from '../data/codePairs.ts';
import type { Viewer } from '../data/pairRows.ts';
import type { StoredCodes } from '../data/storedCodes.ts';

const TOP = 12;
const OTHERS = 8;
const BINS = 25;

interface Known {
  readonly stored: StoredCodes;
  readonly ranked: RankedRows;
  readonly pairs: ReturnType<typeof codePairs>;
  readonly viewer: Viewer;
}

export function codePage(
  { stored, ranked, pairs, viewer }: Known,
  code: number,
  shown: (row: number) => TopPrompt,
): CodePage {
  const { promptIds } = stored;
  const { own, top, borderline, histogram, half } = rowsOfCode(ranked, code, {
    top: TOP,
    borderline: OTHERS,
    bins: BINS,
  });
  const ids = own.map((row) => promptIds[row] as number);
  const labelled = pairs.labelled(ids);
  const words = replyWords(labelled);
  return {
    prompts: own.length,
    pairs: pairs.count(ids),
    top: top.map(shown),
    random: randomRows(own, (row) => promptIds[row] as number, OTHERS).map(shown),
    borderline: borderline.map(shown),
    histogram: [...histogram],
    half,
    aspects: pairs.aspects(ids),
    annotators: agreements(pairs.verdicts(ids, viewer)),
    blind: viewer.blind,
    chosenWords: [...words.chosen],
    rejectedWords: [...words.rejected],
    labelled: labelled.length,
  };
}
