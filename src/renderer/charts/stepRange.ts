/** Which steps a chart shows. Pure. */

export type StepRange = readonly [from: number, to: number];

const FEWEST_STEPS = 4;

/** `range` (all of `extent` where it is null) narrowed or widened by a factor, `at` staying where it is; null once all is seen. */
export function zoomedRange(
  range: StepRange | null,
  extent: StepRange,
  at: number,
  by: number,
): StepRange | null {
  const [from, to] = range ?? extent;
  const [least, most] = extent;
  const span = Math.max(FEWEST_STEPS, (to - from) / by);
  if (span >= most - least) return null;
  const held = Math.min(to, Math.max(from, at));
  const share = to > from ? (held - from) / (to - from) : 0.5;
  const start = Math.min(most - span, Math.max(least, held - share * span));
  return [start, start + span];
}
