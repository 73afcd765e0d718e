/** What a matrix of codes and groups shows in its cells. Pure. */
import type { CodeMatrix } from '#shared/codeSelection.ts';
import type { CodesOverview } from '#shared/entities.ts';

export const MEASURES = ['mean', 'pairs', 'accuracy'] as const;
export type Measure = (typeof MEASURES)[number];
export const MEASURE_LABELS: Readonly<Record<Measure, string>> = {
  mean: 'Mean weight',
  pairs: 'Pairs that fire it most',
  accuracy: 'Accuracy under the code alone',
};

export interface MatrixCell {
  readonly value: number | null;
  /** 0 … 1: how far it is coloured. */
  readonly strength: number;
}

/** Codes were forced by one kind of group alone. */
export const measuresOf = (causes: CodesOverview['causes'], by: CodeMatrix['by']): readonly Measure[] =>
  causes !== null && causes.groupedBy === by && causes.codes.length > 0 ? MEASURES : ['mean', 'pairs'];

/** Groups × codes, codes in the order given. An accuracy is coloured from a half on: a coin's is nothing. */
export function matrixCells(
  { groups }: Pick<CodeMatrix, 'groups'>,
  order: readonly number[],
  measure: Measure,
  causes: CodesOverview['causes'],
): MatrixCell[][] {
  if (measure === 'accuracy') {
    const byCode = new Map((causes?.codes ?? []).map(({ code, effects }) => [code, effects]));
    return groups.map(({ name }) =>
      order.map((code) => {
        const value = byCode.get(code)?.find(({ group }) => group === name)?.accuracy ?? null;
        return { value, strength: value === null ? 0 : Math.max(0, 2 * value - 1) };
      }),
    );
  }
  const values = groups.map(({ mean, first }) =>
    order.map((code) => (measure === 'mean' ? mean[code] : first[code]) ?? 0),
  );
  const largest = (row: readonly number[]) => row.reduce((most, value) => Math.max(most, value), 0);
  const overall = largest(values.map(largest));
  return values.map((row) => {
    // Counts compare within a group, whatever its size; means across all.
    const most = measure === 'mean' ? overall : largest(row);
    return row.map((value) => ({ value, strength: most === 0 ? 0 : value / most }));
  });
}
