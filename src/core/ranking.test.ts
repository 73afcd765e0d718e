import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  impliedAspects,
  impliedStrength,
  missingInRanking,
  placesOf,
  type Ranks,
  saidBeside,
} from './ranking.ts';
import { NO_ATTRIBUTES, PLAIN_RULES, type VerdictRules } from './verdictAttributes.ts';

const ranks: Ranks = { 11: 1, 12: 2, 13: 2, 14: 3 };
const said = { ranks, steps: [3, 1], aspects: {} };

describe('what an order implies of a pair', () => {
  it('is as strong as the largest step between their places', () => {
    expect(impliedStrength(said, 11, 12)).toBe(3);
    expect(impliedStrength(said, 14, 13)).toBe(1);
    expect(impliedStrength(said, 14, 11)).toBe(3);
    expect(impliedStrength(said, 12, 13)).toBeNull();
    expect(impliedStrength({ ...said, steps: [3, null] }, 11, 14)).toBeNull();
    expect(impliedStrength({ ...said, steps: [] }, 11, 12)).toBeNull();
  });

  it('is what the order by an aspect says, ties and "does not apply" among it', () => {
    const aspects = { Helpful: { 11: 2, 12: 1, 13: 2, 14: 3 }, Honest: 'na' } as const;
    expect(impliedAspects(aspects, 11, 12)).toEqual({ Helpful: 'b', Honest: 'na' });
    expect(impliedAspects(aspects, 11, 13)).toEqual({ Helpful: 'tie', Honest: 'na' });
  });
});

describe('what a project asks', () => {
  const aspect = (name: string, required: boolean) => ({ name, description: '', required });
  const rules: VerdictRules = {
    ...PLAIN_RULES,
    strength: 'four',
    aspects: [aspect('Helpful', true), aspect('Honest', false)],
    confidence: 'required',
  };
  const whole = { ...said, aspects: { Helpful: 'na' as const } };
  const sure = { ...NO_ATTRIBUTES, confidence: 3 };

  it('is a step between each two places, required aspects, and the rest once', () => {
    expect(missingInRanking('a', { ...whole, steps: [3, null] }, sure, rules)).toBe('strength');
    expect(missingInRanking('a', said, sure, rules)).toBe('aspects');
    expect(missingInRanking('a', whole, NO_ATTRIBUTES, rules)).toBe('confidence');
    expect(missingInRanking('a', whole, sure, rules)).toBeNull();
  });

  it('is nothing of a skip, and no step of what is all bad or all one tie', () => {
    const none = { ranks: null, steps: [], aspects: {} };
    expect(missingInRanking('skip', none, NO_ATTRIBUTES, rules)).toBeNull();
    expect(missingInRanking('both_bad', { ...none, aspects: { Helpful: 'na' } }, sure, rules)).toBeNull();
    const tied = { ranks: { 1: 1, 2: 1, 3: 1 }, steps: [], aspects: { Helpful: 'na' as const } };
    expect(missingInRanking('tie', tied, sure, rules)).toBeNull();
  });
});

it('what was said beside an order is read back from its pairs', () => {
  const ids = [21, 22, 23, 24, 25];
  const pairs = ids.flatMap((a, at) => ids.slice(at + 1).map((b) => ({ a, b })));
  const dense = (numbers: readonly number[]): Ranks => {
    const places = [...new Set(numbers)].sort((one, other) => one - other);
    return Object.fromEntries(ids.map((id, at) => [String(id), places.indexOf(numbers[at] as number) + 1]));
  };
  const order = fc.array(fc.nat(4), { minLength: 5, maxLength: 5 }).map(dense);
  fc.assert(
    fc.property(
      order,
      order,
      fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 4, maxLength: 4 }),
      (ranks, other, all) => {
        const steps = all.slice(0, placesOf(ranks).length - 1);
        const aspects = { Helpful: other, Honest: 'na' as const };
        const stored = pairs.map(({ a, b }) => ({
          ...{ a, b },
          strength: impliedStrength({ ranks, steps, aspects }, a, b),
          aspects: impliedAspects(aspects, a, b),
        }));
        expect(saidBeside(ranks, stored)).toEqual({ steps, aspects });
      },
    ),
  );
});
