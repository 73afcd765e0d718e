/** Which codes have too few labels, and how many more they want. Pure. */

export interface CodeLabels {
  readonly code: number;
  readonly pairs: number;
  readonly labelled: number;
}

/** With fewer, a code's figures are not shown. */
const LEAST = 10;
/** Of the share of all pairs that is labelled, what a code may fall short to. */
const TOLERANCE = 0.5;

/**
 * How many more labels each code wants, in the order of `codes`. A code is under-labelled where fewer than ten of its pairs are
 * labelled, or a smaller share than half of that over all codes; it then wants what brings it to the larger of ten
 * and the overall share of its pairs, and never more than are left.
 */
export function labelsWanted(codes: readonly CodeLabels[]): number[] {
  const sum = (of: 'pairs' | 'labelled') => codes.reduce((total, code) => total + code[of], 0);
  const share = sum('pairs') === 0 ? 0 : sum('labelled') / sum('pairs');
  return codes.map(({ pairs, labelled }) => {
    const fair = share * pairs;
    if (labelled >= LEAST && labelled >= TOLERANCE * fair) return 0;
    return Math.max(0, Math.min(pairs, Math.ceil(Math.max(LEAST, fair))) - labelled);
  });
}
