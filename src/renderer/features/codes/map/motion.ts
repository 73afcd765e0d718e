/** Where points are between two evaluations. Pure. */

export interface Motion {
  /** Steps × rows × 2. */
  readonly places: Uint16Array;
  /** Steps × rows. */
  readonly strongest: Uint16Array;
  readonly rows: number;
}

/** Slow at both ends. */
const eased = (share: number): number => share * share * (3 - 2 * share);

/** `at`: a place among the evaluations, 0 the first, between two of them where it is no whole number. */
export function motionAt(
  { places, strongest, rows }: Motion,
  at: number,
): { readonly places: Uint16Array; readonly strongest: Uint16Array } {
  const last = Math.max(0, strongest.length / Math.max(1, rows) - 1);
  const from = Math.min(last, Math.max(0, Math.floor(at)));
  const to = Math.min(last, from + 1);
  const share = eased(Math.min(1, Math.max(0, at - from)));
  const width = rows * 2;
  const before = places.subarray(from * width, (from + 1) * width);
  const after = places.subarray(to * width, (to + 1) * width);
  const nearer = share < 0.5 ? from : to;
  return {
    places: before.map((value, row) => Math.round(value + ((after[row] as number) - value) * share)),
    strongest: strongest.subarray(nearer * rows, (nearer + 1) * rows),
  };
}
