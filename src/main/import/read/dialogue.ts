import type { Message, Role } from '#core/preference.ts';

const ROLES: Readonly<Record<string, Role>> = { Human: 'user', Assistant: 'assistant', System: 'system' };
const MARKER = /(?:^|\r?\n\r?\n)(Human|Assistant|System):/g;

/**
 * Turns of a "\n\nHuman: … \n\nAssistant: …" text; `head` is what stands before the first marker. The one space after a
 * marker belongs to it, everything else to the turn.
 */
function dialogueTurns(text: string): { head: string; turns: Message[] } {
  const markers = [...text.matchAll(MARKER)];
  const turns = markers.map((marker, index) => ({
    role: ROLES[marker[1] as string] as Role,
    content: text
      .slice(marker.index + marker[0].length, markers[index + 1]?.index ?? text.length)
      .replace(/^ /, ''),
  }));
  return { head: text.slice(0, markers[0]?.index ?? text.length), turns };
}

/** All turns of a dialogue in one text, with what stands before them as the system's; empty where it has none. */
export function wholeDialogue(text: string): Message[] {
  const { head, turns } = dialogueTurns(text);
  return turns.length === 0 || head.trim() === '' ? turns : [{ role: 'system', content: head }, ...turns];
}

export const looksLikeDialogue = (text: string): boolean => /^\s*(Human|System):|\r?\n\r?\nHuman:/.test(text);

const alternates = (turns: readonly Message[]): boolean =>
  turns.every(({ role }, index) => role === (index % 2 === 0 ? 'user' : 'assistant'));

/**
 * A prompt given as text is one user message as it stands, unless it plainly is a dialogue: it begins with a marker,
 * its turns alternate, and it waits for the assistant or has had a reply before. Such a text is the same again when its
 * turns are written out.
 */
export function promptMessages(prompt: string): Message[] {
  const plain: Message[] = [{ role: 'user', content: prompt }];
  const { head, turns } = dialogueTurns(prompt);
  if (head !== '' || turns.length < 2) return plain;
  const [first] = turns;
  const talk = first?.role === 'system' ? turns.slice(1) : turns;
  const waits = talk.at(-1)?.role === 'assistant' && talk.at(-1)?.content.trim() === '';
  const asked = waits ? talk.slice(0, -1) : talk;
  if (
    asked.at(-1)?.role !== 'user' ||
    !alternates(asked) ||
    asked.some(({ content }) => content.trim() === '')
  )
    return plain;
  if (!waits && asked.length < 3) return plain;
  return first?.role === 'system' ? [first, ...asked] : asked;
}
