import { describe, expect, it } from 'vitest';
import { NO_ATTRIBUTES, PLAIN_RULES, type VerdictRules } from '#core/verdictAttributes.ts';
import {
  draftOfSet,
  isBegun,
  missingIn,
  orderAbout,
  type RankingDraft,
  saidOf,
  stepsOf,
  withOrder,
  withStep,
} from './rankingDraft.ts';

const IDS = [11, 12, 13];
const whole: RankingDraft = { order: [[12], [11], [13]], steps: {}, aspects: {} };
const rules: VerdictRules = {
  ...PLAIN_RULES,
  strength: 'four',
  aspects: [
    { name: 'Helpful', description: '', required: true },
    { name: 'Honest', description: '', required: false },
  ],
  rationale: 'required',
};

describe('what is said of several replies', () => {
  it('keeps a step as long as the places beside it are the same', () => {
    const said = withStep(withStep(whole, 0, 3), 1, 1);
    expect(stepsOf(said)).toEqual([3, 1]);
    expect(stepsOf(withOrder(said, null, [[12], [13], [11]]))).toEqual([null, null]);
    expect(stepsOf(withOrder(said, null, [[12], [11]]))).toEqual([3]);
    expect(stepsOf(withOrder(withOrder(said, null, [[13], [12], [11]]), null, whole.order))).toEqual([3, 1]);
  });

  it('has an order for each aspect, or that it does not apply', () => {
    const begun = withOrder(whole, 'Helpful', [[13]]);
    expect([orderAbout(begun, 'Helpful'), isBegun(begun, 'Helpful', IDS)]).toEqual([[[13]], true]);
    expect(saidOf(begun, IDS).aspects).toEqual({});
    const both = withOrder(withOrder(begun, 'Helpful', [[11, 13], [12]]), 'Honest', 'na');
    expect(saidOf(both, IDS)).toEqual({
      ranks: { 12: 1, 11: 2, 13: 3 },
      steps: [null, null],
      aspects: { Helpful: { 13: 1, 11: 1, 12: 2 }, Honest: 'na' },
    });
    expect(withOrder(both, 'Helpful', []).aspects).toEqual({ Honest: 'na' });
    expect(draftOfSet(saidOf(both, IDS)).aspects).toEqual(both.aspects);
  });

  it('asks for one thing after another: steps, required aspects and those begun, then the rest', () => {
    const missing = (draft: RankingDraft, verdict: 'ranked' | 'both_bad' = 'ranked', said = NO_ATTRIBUTES) =>
      missingIn(draft, verdict, IDS, said, rules);
    expect(missing(withStep(whole, 0, 2))).toEqual({ what: 'strength', above: 1 });
    const stepped = withStep(withStep(whole, 0, 2), 1, 2);
    expect(missing(stepped)).toEqual({ what: 'aspects', about: 'Helpful' });
    const helpful = withOrder(stepped, 'Helpful', 'na');
    expect(missing(withOrder(helpful, 'Honest', [[11]]))).toEqual({ what: 'aspects', about: 'Honest' });
    expect(missing(helpful)).toEqual({ what: 'rationale' });
    expect(missing(helpful, 'ranked', { ...NO_ATTRIBUTES, rationale: 'Facts.' })).toBeNull();
    expect(missing(whole, 'both_bad')).toEqual({ what: 'aspects', about: 'Helpful' });
  });
});
