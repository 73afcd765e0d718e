/** One code in detail, from codes that are at hand. */
import { topRows } from '#core/codebook.ts';
import { borderlineRows, randomRows, rowsOfCode } from '#core/codePage.ts';
import { replyWords } from '#core/replyWords.ts';
import type { CodePage, TopPrompt } from '#shared/entities.ts';
import type { PromptRow } from '../data/codeTable.ts';
import type { OpenProject } from './OpenProject.ts';

interface StoredCodes {
  readonly codes: number;
  readonly prompts: readonly PromptRow[];
  /** prompts × codes. */
  readonly weights: Float32Array;
}

const TOP = 12;
const OTHERS = 8;

/** Ids of the prompts that fire a code most. */
export const promptsOfCode = ({ codes, prompts, weights }: StoredCodes, code: number): number[] =>
  rowsOfCode(weights, codes, code).map((row) => (prompts[row] as PromptRow).id);

export function codePage(project: OpenProject, stored: StoredCodes, code: number): CodePage {
  const { codes, prompts, weights } = stored;
  const shown = (row: number): TopPrompt => {
    const { id, preview, source } = prompts[row] as PromptRow;
    return { promptId: id, text: preview, source, weight: weights[row * codes + code] as number };
  };
  const own = rowsOfCode(weights, codes, code);
  const ids = own.map((row) => (prompts[row] as PromptRow).id);
  const labelled = project.codePairs.labelled(ids);
  const words = replyWords(labelled);
  return {
    prompts: own.length,
    pairs: project.codePairs.ids(ids).length,
    top: topRows(weights, codes, code, TOP).map(shown),
    random: randomRows(own, (row) => (prompts[row] as PromptRow).id, OTHERS).map(shown),
    borderline: borderlineRows(weights, codes, code, OTHERS).map(shown),
    aspects: project.codePairs.aspects(ids),
    chosenWords: [...words.chosen],
    rejectedWords: [...words.rejected],
    labelled: labelled.length,
  };
}
