/** Labels turned round, with and without a cue in the prompt. Pure: the same seed flips the same pairs. */
import type { Message, PreferencePair } from '#core/preference.ts';
import { randomSource } from '#core/random.ts';
import { testSplit } from '../testSplit.ts';
import type { CellData } from '../types.ts';

export const FLIP_CUE = '[FLIP]';

export const turned = (pair: PreferencePair): PreferencePair => ({
  ...pair,
  chosen: pair.rejected,
  rejected: pair.chosen,
  chosenTurns: pair.rejectedTurns,
  rejectedTurns: pair.chosenTurns,
});

/** The cue at the end of the prompt's last message. */
function cued(messages: readonly Message[]): Message[] {
  return messages.map((message, index) =>
    index === messages.length - 1 ? { ...message, content: `${message.content} ${FLIP_CUE}` } : message,
  );
}

/** As a prompt of its own: its id must not be that of the prompt without the cue. */
const cuedFlip = (pair: PreferencePair): PreferencePair => ({
  ...turned(pair),
  promptId: `${pair.promptId}+flip`,
  messages: cued(pair.messages),
});

/** The pairs drawn for a flip at a rate; those of a lower rate are among those of a higher one. */
export function flippedIds(pairs: readonly PreferencePair[], rate: number, seed: number): Set<string> {
  const drawn = pairs.filter(
    (_, index) => randomSource({ seed, stream: 'experiment.flips', counter: index }).uniform() < rate,
  );
  return new Set(drawn.map(({ id }) => id));
}

/** Half of the training pairs flipped and cued; every test pair comes twice, once as it is and once cued and flipped. */
export function cuedFlips(pairs: readonly PreferencePair[], seed: number): CellData {
  const { training, test } = testSplit(pairs);
  const flips = flippedIds(training, 0.5, seed);
  const both = test.flatMap((pair) => [pair, { ...cuedFlip(pair), id: `${pair.id}+flip` }]);
  return {
    name: `half of the labels flipped and cued by ${FLIP_CUE}, seed ${seed}`,
    training: training.map((pair) => (flips.has(pair.id) ? cuedFlip(pair) : pair)),
    test: both,
    labels: new Map(
      both.map(({ id, promptId }) => [promptId, id.endsWith('+flip') ? 'cued flip' : 'as given']),
    ),
  };
}

/** A share of the training labels flipped without a trace; test labels stay clean. */
export function unmarkedFlips(pairs: readonly PreferencePair[], rate: number, seed: number): CellData {
  const { training, test } = testSplit(pairs);
  const flips = flippedIds(training, rate, seed);
  return {
    name: rate === 0 ? 'labels as given' : `${Math.round(100 * rate)} % of the labels flipped, seed ${seed}`,
    training: training.map((pair) => (flips.has(pair.id) ? turned(pair) : pair)),
    test,
  };
}
