import { describe, expect, it } from 'vitest';
import {
  cleanAttributes,
  disagrees,
  missingAttribute,
  NO_ATTRIBUTES,
  PLAIN_RULES,
  signedStrength,
  type VerdictRules,
} from './verdictAttributes.ts';

const ALL: VerdictRules = {
  strength: 'four',
  aspects: [
    { name: 'Helpful', description: '', required: true },
    { name: 'Style', description: '', required: false },
  ],
  rationale: 'required',
  confidence: 'required',
};

describe('what a project asks of a verdict', () => {
  it('is nothing by default, and never anything of a skip', () => {
    expect(missingAttribute('a', NO_ATTRIBUTES, PLAIN_RULES)).toBeNull();
    expect(missingAttribute('skip', NO_ATTRIBUTES, ALL)).toBeNull();
  });

  it('comes in order: strength of a preference, required aspects, confidence, rationale', () => {
    const steps = [
      ['strength', { strength: 2 }],
      ['aspects', { aspects: { Helpful: 'na' as const } }],
      ['confidence', { confidence: 1 }],
      ['rationale', { rationale: 'shorter' }],
    ] as const;
    let said = NO_ATTRIBUTES;
    for (const [missing, answer] of steps) {
      expect(missingAttribute('b', said, ALL)).toBe(missing);
      said = { ...said, ...answer };
    }
    expect(missingAttribute('b', said, ALL)).toBeNull();
    expect(missingAttribute('tie', { ...said, strength: null }, ALL)).toBeNull();
  });

  it('wants a reason on disagreement only once there is one', () => {
    expect(missingAttribute('a', NO_ATTRIBUTES, { ...PLAIN_RULES, rationale: 'disagreement' })).toBeNull();
    expect(disagrees('a', ['a', 'skip'])).toBe(false);
    expect(disagrees('a', ['a', 'tie'])).toBe(true);
    expect(disagrees('skip', ['a'])).toBe(false);
  });
});

it('keeps no strength without a preference and no blank text', () => {
  const said = { ...NO_ATTRIBUTES, strength: 3, rationale: ' \n', flag: ' cut off ' };
  expect(cleanAttributes('both_bad', said)).toEqual({ ...NO_ATTRIBUTES, flag: 'cut off' });
  expect(cleanAttributes('a', said).strength).toBe(3);
});

it('puts a preference on one line from b to a', () => {
  const line = (['b', 'tie', 'both_bad', 'a', 'skip'] as const).map((verdict) => signedStrength(verdict, 2));
  expect(line).toEqual([-2, 0, 0, 2, null]);
  expect(signedStrength('a', null)).toBe(1);
});
