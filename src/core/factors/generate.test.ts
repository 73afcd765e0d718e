import { describe, expect, it } from 'vitest';
import { ceilings } from './ceiling.ts';
import { type FactorPair, type FactorSettings, factorPairs } from './generate.ts';
import { FACTORS, NEUTRAL } from './wording.ts';

const SETTINGS: FactorSettings = {
  arrangement: 'opposed',
  factors: 4,
  cueStrength: 0.8,
  labelNoise: 0.1,
  pairs: 4000,
  seed: 3,
};
const opposed = factorPairs(SETTINGS);
const promptOf = ({ pair }: FactorPair): string => pair.messages[0]!.content;
const sentencesOf = (behaviour: number | null): readonly string[] => {
  const { leads, tails } = behaviour === null ? NEUTRAL : FACTORS[behaviour]!;
  return [...leads, ...tails];
};
const shows = (reply: string, behaviour: number | null): boolean =>
  sentencesOf(behaviour).some((sentence) => reply.includes(sentence));
const share = (pairs: readonly FactorPair[], holds: (pair: FactorPair) => boolean): number =>
  pairs.filter(holds).length / pairs.length;

describe('factorPairs', () => {
  it('is a pure function of its settings, with a prompt of its own for every pair', () => {
    expect(factorPairs({ ...SETTINGS, pairs: 50 })).toEqual(opposed.slice(0, 50));
    expect(factorPairs({ ...SETTINGS, pairs: 50, seed: 4 })).not.toEqual(opposed.slice(0, 50));
    expect(new Set(opposed.map(promptOf)).size).toBe(SETTINGS.pairs);
  });

  it('keeps to the cue’s channel and to the label noise', () => {
    expect(share(opposed, ({ cue, factor }) => cue === factor)).toBeCloseTo(0.8, 1);
    expect(share(opposed, ({ flipped }) => flipped)).toBeCloseTo(0.1, 1);
    const wrong = opposed.filter(({ cue, factor }) => factor === 0 && cue !== factor);
    for (const cue of [1, 2, 3]) expect(share(wrong, (pair) => pair.cue === cue)).toBeCloseTo(1 / 3, 1);
  });

  it('shows the behaviour of the factor in the reply that it prefers, and another’s or none in the other', () => {
    const orthogonal = factorPairs({ ...SETTINGS, arrangement: 'orthogonal', pairs: 300 });
    for (const { pair, factor, other, flipped } of [...opposed.slice(0, 300), ...orthogonal]) {
      const [preferred, refused] = flipped ? [pair.rejected, pair.chosen] : [pair.chosen, pair.rejected];
      expect(other).not.toBe(factor);
      for (const behaviour of [null, 0, 1, 2, 3]) {
        expect(shows(preferred, behaviour)).toBe(behaviour === factor);
        expect(shows(refused, behaviour)).toBe(behaviour === other);
      }
    }
  });

  it('puts the cue into the prompt, or nothing of any factor', () => {
    const words = FACTORS.slice(0, 4).map(({ cueWords }) => cueWords.map((word) => word.toLowerCase()));
    const cuesIn = (pair: FactorPair): number[] =>
      words.flatMap((list, factor) =>
        list.some((word) => promptOf(pair).toLowerCase().includes(word)) ? [factor] : [],
      );
    for (const pair of opposed.slice(0, 300)) expect(cuesIn(pair)).toContain(pair.cue);
    for (const pair of factorPairs({ ...SETTINGS, cueStrength: null, pairs: 1000 }))
      expect(cuesIn(pair)).toEqual([]);
  });

  it('leaves reply length no hint', () => {
    const longer = share(opposed, ({ pair }) => pair.chosen.length > pair.rejected.length);
    expect(Math.abs(longer - 0.5)).toBeLessThan(0.05);
  });

  it('has a held-out wording that shares no cue and no sentence of a behaviour with the other', () => {
    const pairs = factorPairs({ ...SETTINGS, wording: 'held-out', pairs: 300 });
    for (const pair of pairs)
      for (const behaviour of FACTORS.keys()) {
        expect(shows(pair.pair.chosen, behaviour)).toBe(false);
        for (const frame of FACTORS[behaviour]!.cueFrames)
          for (const part of frame.split('*').filter((text) => text.length > 12))
            expect(promptOf(pair)).not.toContain(part);
      }
    expect(() => factorPairs({ ...SETTINGS, wording: 'held-out', factors: 6 })).toThrow(/2 … 4/);
  });

  it('refuses settings that make no sense', () => {
    expect(() => factorPairs({ ...SETTINGS, factors: 9 })).toThrow(/factors/);
    expect(() => factorPairs({ ...SETTINGS, cueStrength: 1.2 })).toThrow(/cue strength/);
    expect(() => factorPairs({ ...SETTINGS, cueStrength: null, pairs: 9000 })).toThrow(/different prompts/);
  });
});

/** Guesses as the best predictor would, from counts of an independent half: nothing is taken from the formula. */
function measuredBest(pairs: readonly FactorPair[], seenOf: (pair: FactorPair) => string): number {
  const half = pairs.length / 2;
  const wins = new Map<string, number>();
  const vote = (pair: FactorPair) => {
    const ordered = (pair.other ?? -1) < pair.factor;
    const key = `${seenOf(pair)}|${ordered ? [pair.other, pair.factor] : [pair.factor, pair.other]}`;
    // The label in terms of what is seen: is the behaviour named first the preferred one?
    return { key, label: ordered === pair.flipped ? 1 : -1 };
  };
  for (const pair of pairs.slice(0, half)) {
    const { key, label } = vote(pair);
    wins.set(key, (wins.get(key) ?? 0) + label);
  }
  return share(pairs.slice(half), (pair) => {
    const { key, label } = vote(pair);
    return ((wins.get(key) ?? 0) >= 0 ? 1 : -1) === label;
  });
}

describe('ceilings', () => {
  // Wording runs out of prompts long before chance is small: repeats over seeds stand in for one large draw.
  const many = (settings: Partial<FactorSettings>): FactorPair[] =>
    Array.from({ length: 10 }, (_, seed) =>
      factorPairs({ ...SETTINGS, pairs: 2000, ...settings, seed: 100 + seed }),
    ).flat();

  it.each([
    { arrangement: 'opposed', factors: 4, cueStrength: 0.8, labelNoise: 0.1 },
    { arrangement: 'opposed', factors: 2, cueStrength: 0.9, labelNoise: 0 },
    { arrangement: 'opposed', factors: 3, cueStrength: 0.1, labelNoise: 0.05 },
    { arrangement: 'opposed', factors: 4, cueStrength: null, labelNoise: 0 },
    { arrangement: 'orthogonal', factors: 4, cueStrength: 0.5, labelNoise: 0.2 },
  ] as const)(
    'are what the best predictor reaches: $arrangement, T $factors, ρ $cueStrength, ε $labelNoise',
    (rule) => {
      const pairs = many(rule);
      const { bayes, oracle } = ceilings(rule);
      const seen = measuredBest(pairs, ({ cue }) => String(cue));
      const told = measuredBest(pairs, ({ factor }) => String(factor));
      // Two standard errors of 10,000 draws are 0.01.
      expect(Math.abs(seen - bayes)).toBeLessThan(0.015);
      expect(Math.abs(told - oracle)).toBeLessThan(0.015);
    },
  );

  it('bounds recovery by what the cue tells', () => {
    const rule = { arrangement: 'opposed', factors: 4, labelNoise: 0 } as const;
    expect(ceilings({ ...rule, cueStrength: 1 }).recovery).toBe(1);
    expect(ceilings({ ...rule, cueStrength: null }).recovery).toBeCloseTo(0, 12);
    const binary = { ...rule, factors: 2, cueStrength: 0.89 };
    expect(ceilings(binary).recovery).toBeCloseTo(1 - 0.4999, 3);
  });
});
