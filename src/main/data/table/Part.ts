/** What the table reads of the file before it can answer, a piece at a time, so that other questions are answered between. */
export interface Part {
  isBehind(last: number): boolean;
  /** How much of it is there, from 0 to 1. */
  share(last: number): number;
  /** How long the whole takes beside others, about. */
  readonly weight: number;
  /** Takes some milliseconds. `size`: room for every pair. */
  step(last: number, size: number): void;
}

/** Reads the rest in one go. */
export function readAll(part: Part, last: number, size: number): void {
  while (part.isBehind(last)) part.step(last, size);
}

/** How much is there of all parts together, from 0 to 1. */
export function shareOf(parts: readonly Part[], last: number): number {
  const all = parts.reduce((sum, { weight }) => sum + weight, 0);
  return parts.reduce((sum, part) => sum + part.weight * part.share(last), 0) / all;
}

/** Takes all steps of what is made in steps. */
export function allSteps<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
