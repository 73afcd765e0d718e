/** What is said of a code that comes or goes. Pure. */
import type { CodeLine } from './codeLines.ts';

/** Empty where it was there from the beginning. `titles`: of each column, as `step 40`. */
export function beganWords({ begins, from }: CodeLine, titles: readonly string[]): string {
  if (begins === 0) return '';
  return from === null ? `born at ${titles[begins]}` : `split off from ${from} at ${titles[begins]}`;
}

/** Empty where it is there at the end. */
export function endedWords({ ends, into }: CodeLine, titles: readonly string[]): string {
  if (ends === titles.length - 1) return '';
  const at = titles[ends + 1];
  return into === null ? `died at ${at}` : `went into ${into} at ${at}`;
}
