/** Preference pairs and plain text of the sample world, both a pure function of the seed. */
import { randomSource } from '../random.ts';
import { KINDS } from './kinds.ts';

/** A row of the sample file, in the shape that the importer reads. */
export interface SampleRow {
  readonly id: string;
  /** Name of the kind. */
  readonly source: string;
  /** Rule of the kind, e.g. `short over long`. */
  readonly aspect: string;
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

/** Attempts per wanted pair before a kind counts as exhausted. */
const ATTEMPTS_PER_PAIR = 50;

/**
 * `pairsPerKind` different pairs of every kind, shuffled together. Prompts may come twice with other replies.
 * @throws RangeError when a kind cannot make that many different pairs.
 */
export function samplePairs(seed: number, pairsPerKind: number): SampleRow[] {
  const rows = KINDS.flatMap((kind) => {
    const random = randomSource({ seed, stream: `sample.pairs.${kind.name}`, counter: 0 });
    const seen = new Map<string, Omit<SampleRow, 'id'>>();
    for (let attempt = 0; seen.size < pairsPerKind; attempt++) {
      if (attempt > pairsPerKind * ATTEMPTS_PER_PAIR)
        throw new RangeError(`${kind.name} has only ${seen.size} different pairs, not ${pairsPerKind}`);
      const { prompt, preferred, other } = kind.exchange(random.uniform);
      const row = { source: kind.name, aspect: kind.rule, prompt, chosen: preferred, rejected: other };
      seen.set(JSON.stringify([prompt, preferred, other]), row);
    }
    return [...seen.values()];
  });
  return randomSource({ seed, stream: 'sample.order', counter: 0 })
    .shuffle(rows)
    .map((row, index) => ({ id: `sample-${String(index + 1).padStart(4, '0')}`, ...row }));
}

export interface SampleExchange {
  readonly prompt: string;
  readonly reply: string;
}

/**
 * `count` exchanges for language modelling: kinds in turn, and either style of reply with equal odds, so that
 * a model trained on them knows both and prefers neither.
 */
export function sampleText(seed: number, count: number): SampleExchange[] {
  const random = randomSource({ seed, stream: 'sample.text', counter: 0 });
  return Array.from({ length: count }, (_, index) => {
    const { prompt, preferred, other } = KINDS[index % KINDS.length]!.exchange(random.uniform);
    return { prompt, reply: random.uniform() < 0.5 ? preferred : other };
  });
}
