/** Held-out split by prompt: all pairs of one prompt are on the same side. */
import { type Message, messageKey } from './preference.ts';
import { hash32, randomSource } from './random.ts';

/** What a prompt says: two prompts of one text are never on both sides. */
export const promptKey = (messages: readonly Message[]): string => JSON.stringify(messages.map(messageKey));

/** Uniform in (0, 1), the same for the same seed and prompt whatever else is in the set. */
function position(promptKey: string, seed: number): number {
  return randomSource({ seed, stream: 'held-out', counter: hash32(promptKey) }).uniform();
}

/**
 * Prompts to hold out, about `share` of them. A prompt's side depends on the seed and on itself alone, so that
 * adding pairs later never moves one across. With a share above 0 and two prompts or more, both sides hold at
 * least one.
 */
export function heldOutPrompts(promptKeys: Iterable<string>, share: number, seed: number): Set<string> {
  const placed = [...new Set(promptKeys)]
    .map((key) => ({ key, at: position(key, seed) }))
    .sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
  if (share <= 0 || placed.length < 2) return new Set();
  const below = placed.filter(({ at }) => at < share).length;
  const held = Math.min(Math.max(below, 1), placed.length - 1);
  return new Set(placed.slice(0, held).map(({ key }) => key));
}
