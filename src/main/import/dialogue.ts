import type { Message, Role } from '#core/preference.ts';

const ROLES: Readonly<Record<string, Role>> = { Human: 'user', Assistant: 'assistant', System: 'system' };
const MARKER = /(?:^|\n\n)(Human|Assistant|System):/g;

/** Turns of a "\n\nHuman: … \n\nAssistant: …" text; `head` is what stands before the first marker. */
export function dialogueTurns(text: string): { head: string; turns: Message[] } {
  const markers = [...text.matchAll(MARKER)];
  const turns = markers.map((marker, index) => ({
    role: ROLES[marker[1] as string] as Role,
    content: text.slice(marker.index + marker[0].length, markers[index + 1]?.index ?? text.length).trim(),
  }));
  return { head: text.slice(0, markers[0]?.index ?? text.length).trim(), turns };
}

export const looksLikeDialogue = (text: string): boolean => /^\s*(Human|System):|\n\nHuman:/.test(text);

function alternates(turns: readonly Message[]): boolean {
  return turns.every(({ role }, index) => role === (index % 2 === 0 ? 'user' : 'assistant'));
}

/**
 * A prompt given as text: a dialogue that ends with a person's turn becomes its turns, anything else is one user
 * message as it stands. Without a marker at its start a text is a dialogue only if its turns alternate.
 */
export function promptMessages(prompt: string): Message[] {
  const plain: Message[] = [{ role: 'user', content: prompt.trim() }];
  const { head, turns } = dialogueTurns(prompt.trimStart());
  if (turns.length === 0) return plain;
  if (turns.at(-1)?.role === 'assistant' && turns.at(-1)?.content === '') turns.pop();
  if (turns.at(-1)?.role !== 'user') return plain;
  if (head === '') return turns.filter(({ content }) => content !== '');
  const whole: Message[] = [{ role: 'user', content: head }, ...turns];
  return turns.length > 1 && alternates(whole) ? whole : plain;
}
