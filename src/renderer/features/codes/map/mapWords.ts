/** Words of a picture of prompts. Pure. */
import type { CodeMap, MAP_FEATURES, MAP_METHODS, MapColour } from '#shared/codeMap.ts';
import { formatShare } from '../../../format.ts';

export const METHOD_LABELS: Readonly<Record<(typeof MAP_METHODS)[number], string>> = {
  pca: 'PCA',
  umap: 'UMAP',
  tsne: 't-SNE',
};
export const FEATURE_LABELS: readonly {
  readonly value: (typeof MAP_FEATURES)[number];
  readonly label: string;
}[] = [
  { value: 'codes', label: 'codes, p(z|x)' },
  { value: 'state', label: 'states, h_x' },
];
export const COLOUR_LABELS: Readonly<Record<MapColour, string>> = {
  code: 'by strongest code',
  source: 'by source',
  aspect: 'by aspect',
  annotator: 'by annotator',
  entropy: 'by entropy',
  margin: 'by margin',
  right: 'by right or wrong',
};

/** What the picture keeps of what it shows: pictures flatter. */
export function faithWords({
  kept,
  explained,
  probe,
}: Pick<CodeMap, 'kept' | 'explained' | 'probe'>): string {
  const said: string[] = [];
  if (explained !== null)
    said.push(`The plane holds ${formatShare(explained[0] + explained[1], 0)} of the spread.`);
  if (kept !== null) said.push(`${formatShare(kept, 0)} of nearest prompts are nearest here too.`);
  if (probe !== null && probe.features !== null && probe.picture !== null)
    said.push(
      `A linear rule names the source of ${formatShare(probe.features, 0)} from what is laid out, of ${formatShare(probe.picture, 0)} from the picture alone; the commonest source is ${formatShare(probe.commonest, 0)}.`,
    );
  return said.join(' ');
}
