/** What the table reads of the file before it can answer, a piece at a time, so that other questions are answered between. */
export interface Part {
  isBehind(last: number): boolean;
  /** Takes some milliseconds. `size`: room for every pair. */
  step(last: number, size: number): void;
}

/** Reads the rest in one go. */
export function readAll(part: Part, last: number, size: number): void {
  while (part.isBehind(last)) part.step(last, size);
}

/** Takes all steps of what is made in steps. */
export function allSteps<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
