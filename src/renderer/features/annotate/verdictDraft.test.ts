import { describe, expect, it } from 'vitest';
import { NO_ATTRIBUTES, PLAIN_RULES, type VerdictRules } from '#core/verdictAttributes.ts';
import { scaleSteps } from './scale.ts';
import {
  type Answered,
  answer,
  answerAspect,
  ask,
  aspectAnswers,
  choose,
  EMPTY_DRAFT,
  goOn,
  letGo,
  say,
  type VerdictDraft,
} from './verdictDraft.ts';

const aspects = ['Helpful', 'Honest', 'Style'].map((name, place) => ({
  name,
  description: '',
  required: place < 2,
}));
const RULES: VerdictRules = { strength: 'none', aspects, rationale: 'required', confidence: 'optional' };

/** Digits one after another on the pair whose left reply is `b`. */
const press = (draft: VerdictDraft, ...digits: number[]): Answered =>
  digits.reduce<Answered>(
    ({ draft: now }, digit) => answer(now, digit, RULES, 'b') ?? { draft: now, complete: false },
    { draft, complete: false },
  );

describe('a verdict', () => {
  it('is given at once where nothing else is asked', () => {
    const given = choose(EMPTY_DRAFT, 'left', null, PLAIN_RULES, 'a');
    expect(given).toMatchObject({ complete: true, draft: { choice: 'left', asking: null } });
  });

  it('waits for the required aspects, then the reason, and is given with Enter', () => {
    const chosen = choose(EMPTY_DRAFT, 'right', null, RULES, 'b');
    expect(chosen).toMatchObject({ complete: false, draft: { asking: 'aspects', aspect: 0 } });
    const answered = press(chosen.draft, 1, 2, 4);
    expect(answered.draft.said.aspects).toEqual({ Helpful: 'b', Honest: 'a', Style: 'na' });
    expect(answered).toMatchObject({ complete: false, draft: { choice: 'right', asking: 'rationale' } });
    expect(goOn(say(answered.draft, { rationale: '  ' }), RULES, 'b').complete).toBe(false);
    expect(goOn(say(answered.draft, { rationale: 'kinder' }), RULES, 'b').complete).toBe(true);
  });

  it('goes at once where all was answered before', () => {
    const before = press(ask(EMPTY_DRAFT, 'aspects', RULES), 3, 3, 3);
    expect(before).toMatchObject({ complete: false, draft: { asking: null, choice: null } });
    const said = say(before.draft, { rationale: 'equal' });
    expect(choose(said, 'tie', null, RULES, 'b').complete).toBe(true);
  });

  it('lets go with Escape and keeps what was said', () => {
    const chosen = choose(EMPTY_DRAFT, 'right', null, RULES, 'b');
    const let_ = letGo(press(chosen.draft, 1).draft);
    expect(let_).toMatchObject({ choice: null, asking: null, said: { aspects: { Helpful: 'b' } } });
  });

  it('skips without an answer', () => {
    expect(choose(EMPTY_DRAFT, 'skip', null, RULES, 'a').complete).toBe(true);
  });
});

describe('an aspect', () => {
  it('has its answers in the order of the sides', () => {
    expect(aspectAnswers('a')).toEqual(['a', 'b', 'tie', 'na']);
    expect(aspectAnswers('b')).toEqual(['b', 'a', 'tie', 'na']);
  });
  it('is taken back by the same answer again, and goes on at the next open one', () => {
    const first = answerAspect(EMPTY_DRAFT, 1, 'tie', RULES, 'a').draft;
    expect(first).toMatchObject({ asking: 'aspects', aspect: 2, said: { aspects: { Honest: 'tie' } } });
    const again = answerAspect(first, 1, 'tie', RULES, 'a').draft;
    expect(again).toMatchObject({ asking: 'aspects', aspect: 1, said: { aspects: {} } });
  });
});

describe('digits', () => {
  it('answer only what is asked, within its answers', () => {
    expect(answer(EMPTY_DRAFT, 1, RULES, 'a')).toBeNull();
    expect(press(ask(EMPTY_DRAFT, 'confidence', RULES), 5).draft.said.confidence).toBe(5);
    expect(answer(ask(EMPTY_DRAFT, 'confidence', RULES), 6, RULES, 'a')).toBeNull();
  });
  it('are the scale, strongest for the left first', () => {
    const steps = (scale: 'four' | 'seven') =>
      scaleSteps(scale).map(({ digit, choice, strength }) => `${digit}${choice[0]}${strength ?? ''}`);
    expect(steps('four')).toEqual(['1l4', '2l3', '3l2', '4l1', '5t', '6r1', '7r2', '8r3', '9r4']);
    expect(steps('seven')).toEqual(['1l3', '2l2', '3l1', '4t', '5r1', '6r2', '7r3']);
    expect(scaleSteps('none')).toEqual([]);
  });
  it('say the strength after an arrow chose the side', () => {
    const rules = { ...PLAIN_RULES, strength: 'four' } as const;
    const chosen = choose(EMPTY_DRAFT, 'left', null, rules, 'a');
    expect(chosen).toMatchObject({ complete: false, draft: { asking: 'strength' } });
    const given = answer(chosen.draft, 3, rules, 'a');
    expect(given).toMatchObject({ complete: true, draft: { said: { ...NO_ATTRIBUTES, strength: 3 } } });
    expect(choose(EMPTY_DRAFT, 'right', 2, rules, 'a').complete).toBe(true);
  });
});
