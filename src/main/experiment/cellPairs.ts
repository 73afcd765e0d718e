/** The pairs of a cell as one training run takes them: test pairs marked, and labelled by what codes should tell. */
import type { PreferencePair } from '#core/preference.ts';
import type { CellData } from './types.ts';

/** Training and test pairs may share ids; in a run they must not. */
const MARK = 'test:';

export const withoutMark = (id: string): string => (id.startsWith(MARK) ? id.slice(MARK.length) : id);

/** The first pair of each prompt. */
function promptsOf(pairs: readonly PreferencePair[]): PreferencePair[] {
  const seen = new Set<string>();
  return pairs.filter(({ promptId }) => !seen.has(promptId) && seen.add(promptId));
}

/** Label of a prompt: the data's own, else the source of its first pair. */
export function labelling({ test, labels }: Pick<CellData, 'test' | 'labels'>): (promptId: string) => string {
  const sources = new Map(promptsOf(test).map(({ promptId, source }) => [promptId, source]));
  return (promptId) => labels?.get(promptId) ?? sources.get(promptId) ?? '';
}

/** Test pairs as they are held out: a run forces its codes on them by their source, which here is the label. */
export function heldOutRows(data: Pick<CellData, 'test' | 'labels'>): PreferencePair[] {
  const labelOf = labelling(data);
  return data.test.map((pair) => ({
    ...pair,
    id: `${MARK}${pair.id}`,
    promptId: `${MARK}${pair.promptId}`,
    source: labelOf(pair.promptId),
    aspect: null,
  }));
}
