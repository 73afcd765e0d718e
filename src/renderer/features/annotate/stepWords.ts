import { choiceOf, deskActions, labelOn } from './actions.ts';
import type { Told } from './sessionView.ts';

/** How much of a prompt names a pair. */
const PROMPT_CHARACTERS = 40;

/** `Right better`, as it was seen when it was decided. */
export function decisionLabel({
  verdict,
  leftKey,
  setId,
}: Pick<Told, 'verdict' | 'leftKey' | 'setId'>): string {
  if (setId === null || verdict === 'skip') return deskActions[choiceOf(verdict, leftKey)].label;
  return verdict === 'both_bad' ? labelOn(verdict, 'set') : 'Ranking';
}

/** The start of a prompt in one line, whole words where there are any. */
export function promptStart(prompt: string): string {
  const line = prompt.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= PROMPT_CHARACTERS) return line;
  const cut = line.slice(0, PROMPT_CHARACTERS);
  const space = cut.lastIndexOf(' ');
  return `${(space > PROMPT_CHARACTERS / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

/** `Undo: right better on “My clock is late…”`; where an earlier verdict would stand again, it says so. */
export function stepLabel(what: 'Undo' | 'Redo', step: Told): string {
  const label = decisionLabel(step);
  const said = `${what}: ${label.charAt(0).toLowerCase()}${label.slice(1)} on “${promptStart(step.prompt)}”`;
  if (what === 'Redo' || step.otherwise === null) return said;
  const before = decisionLabel({ ...step, verdict: step.otherwise });
  return `${said}; ${before.charAt(0).toLowerCase()}${before.slice(1)} stands again`;
}
