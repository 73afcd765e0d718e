/** What the pane says of codes. Pure. */
import { formatCount } from '../../format.ts';
import { mixWords } from './codeMix.ts';
import type { CodeMode } from './lanes.ts';

/** How many codes a sweep can choose from, and which it leaves out. */
export function inUseWords(codes: number, dead: ReadonlySet<number>, step: number | null): string {
  if (step === null)
    return 'The codes of this checkpoint have not been read, so dead ones are not known: sweeps may show them. Codes reads them.';
  if (dead.size === 0) return `All ${codes} codes are in use at step ${formatCount(step)}.`;
  const named = [...dead].slice(0, 6).join(', ');
  return `${codes - dead.size} of ${codes} codes in use at step ${formatCount(step)}. Dead, and left out of sweeps: ${named}${dead.size > 6 ? ` and ${dead.size - 6} more` : ''}.`;
}

/** What the next reply is drawn with. */
export function modeWords(
  mode: CodeMode,
  prior: readonly number[] | null,
  weights: readonly number[],
): string {
  if (mode === 'none') return 'The trained policy without z.';
  if (mode === 'mix') return `Used from the next reply on: ${mixWords(weights)}.`;
  return prior === null
    ? 'The prior chooses for each prompt; its weights show here with the first reply.'
    : `The prior’s choice for the last prompt: ${mixWords(prior)}.`;
}
