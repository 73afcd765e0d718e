/** Pairs in which the context decides the tone that is preferred: no constant taste can beat a coin. */
import type { PreferencePair } from '#core/preference.ts';
import { randomSource } from '#core/random.ts';

export const TONES = 'opposed tones';
export const TONES_BY_LOT = 'opposed tones, by lot';
export const TONE_PAIRS = 640;

/** Of a set whose chosen reply is the courteous one. */
export const isPolite = ({ aspect }: PreferencePair): boolean => aspect === 'politeness';

/** Whoever is written to; the first group prefers the plain reply, the other the courteous one. */
const TONE_CONTEXTS: Readonly<Record<'familiar' | 'formal', readonly string[]>> = {
  familiar: [
    'I am texting my best friend.',
    'This goes to my little brother.',
    'It is for a mate from school.',
    'I write this to my cousin.',
    'My flatmate is going to read it.',
    'This is for the chat with my old friends.',
    'It is a note to my twin sister.',
    'A buddy of mine asked for it.',
  ],
  formal: [
    'I am replying to a customer.',
    'This goes to the head of the office.',
    'It is for a client of our firm.',
    'I write this to a judge.',
    'A guest of the hotel is going to read it.',
    'This is for a letter to the council.',
    'It is a note to my professor.',
    'A patient of ours asked for it.',
  ],
};

/** Never a run's seed: the pairs stay the same while seeds change. */
const SEED = 20_250_504;

/**
 * Of pairs whose chosen reply is the courteous one: every prompt once, with a context before it, and the replies exchanged where
 * the context is familiar. `lot` draws the winner instead: the same prompts, and nothing to learn.
 */
export function tonePairs(polite: readonly PreferencePair[], count: number, lot: boolean): PreferencePair[] {
  const random = randomSource({ seed: SEED, stream: 'experiment.tones', counter: 0 });
  const prompts = [...new Map(polite.map((pair) => [pair.promptId, pair])).values()];
  return random
    .shuffle(prompts)
    .slice(0, count)
    .map((pair, index): PreferencePair => {
      const source = index % 2 === 0 ? 'familiar' : 'formal';
      const context = random.pick(TONE_CONTEXTS[source]);
      const drawn = random.uniform() < 0.5;
      const courteous = lot ? drawn : source === 'formal';
      const [first, ...rest] = pair.messages;
      return {
        ...pair,
        id: `tone-${pair.id}`,
        promptId: `tone-${pair.promptId}`,
        source,
        aspect: null,
        messages: first ? [{ ...first, content: `${context} ${first.content}` }, ...rest] : [],
        chosen: courteous ? pair.chosen : pair.rejected,
        rejected: courteous ? pair.rejected : pair.chosen,
      };
    });
}
