const MOST = 8;

/** Which codes have few labels. Pure. */
export function coverageWords(codes: readonly number[]): string {
  if (codes.length === 0) return 'Every code has its share of labels.';
  const named = codes.slice(0, MOST).join(', ');
  const rest = codes.length - MOST;
  return codes.length === 1
    ? `Code ${named} has few labels.`
    : `Codes ${named}${rest > 0 ? ` and ${rest} more` : ''} have few labels.`;
}
