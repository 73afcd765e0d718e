/** Round numbers that hold `from … to`, about `count` of them; both ends are ticks. */
export function niceTicks(from: number, to: number, count: number): number[] {
  const spread = to - from;
  // One value has no spread: a little room on either side.
  if (!(spread > 1e-9)) return niceTicks(from - 0.05, to + 0.05, count);
  const rough = spread / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough - 1e-12) ?? 10);
  const first = Math.floor(from / step + 1e-9);
  const last = Math.ceil(to / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toFixed(10)));
}

/** A tick's value without the noise of binary fractions, and with a true minus. */
export const tickText = (value: number): string => String(Number(value.toFixed(6))).replace('-', '−');
