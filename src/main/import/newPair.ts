import type { NewPair } from '../data/pairWriter.ts';
import type { ImportedPair } from './types.ts';

export const metadataText = (metadata: ImportedPair['metadata']): string | null =>
  metadata === null ? null : JSON.stringify(metadata);

/** An item of a row as it is stored. */
export function newPair(item: ImportedPair, row: number): NewPair {
  const {
    messages,
    replies,
    turns,
    verdicts,
    history,
    marks,
    sets,
    guidelines,
    ratings,
    aspect,
    itemId,
    metadata,
  } = item;
  const [chosen, rejected] = replies;
  return {
    messages,
    chosen,
    rejected,
    turns,
    verdicts,
    history,
    marks,
    sets,
    guidelines,
    ratings,
    aspect,
    itemId,
    metadata: metadataText(metadata),
    row: item.origin?.row ?? row,
  };
}
