/** Which pages of rows a stretch of a virtual table needs. Pure. */
export const PAGE_ROWS = 100;

/** Page numbers that hold rows `first`…`last` (inclusive), at least none. */
export function pagesFor(first: number, last: number, total: number): readonly number[] {
  if (total <= 0 || last < first) return [];
  const from = Math.floor(Math.max(0, first) / PAGE_ROWS);
  const to = Math.floor(Math.min(total - 1, last) / PAGE_ROWS);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

/** The row a key moves to, or null for a key that moves nothing. */
export function movedRow(
  key: string,
  selected: number | null,
  total: number,
  screenRows: number,
): number | null {
  if (total === 0) return null;
  const from = selected ?? -1;
  const steps: Record<string, number> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + screenRows,
    PageUp: from - screenRows,
    Home: 0,
    End: total - 1,
  };
  const target = steps[key];
  return target === undefined ? null : Math.min(total - 1, Math.max(0, target));
}
