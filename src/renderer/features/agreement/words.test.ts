import { expect, it } from 'vitest';
import type { AgreementPerson } from '#shared/agreementEntities.ts';
import { biasSentence, strengthOf } from './words.ts';

const share = (count: number, of: number, low: number, high: number) => ({
  ...{ count, of, low, high },
  share: of === 0 ? null : count / of,
});
const NONE = share(0, 0, 0, 1);
const person = (left: AgreementPerson['left'], longer: AgreementPerson['longer']): AgreementPerson => ({
  ...{
    name: 'Ada',
    kind: 'person',
    decided: 50,
    left,
    longer,
    likeOthers: NONE,
    codes: [],
    reliability: NONE,
  },
});

it('says a leaning only where one half lies outside the interval', () => {
  expect(biasSentence(person(share(34, 48, 0.57, 0.82), share(10, 40, 0.14, 0.4)))).toBe(
    'Ada prefers the left reply in 71 % of 48 preferences, and the shorter reply in 75 % of 40 preferences: more often than chance would have it.',
  );
  expect(biasSentence(person(share(26, 48, 0.4, 0.67), NONE))).toContain('leans to no side');
  expect(biasSentence(person(NONE, NONE))).toContain('no preference');
});

it('names alpha by the usual bounds', () => {
  expect([0.9, 0.7, 0.4, 0.1, -0.3].map(strengthOf)).toEqual([
    ...['reliable', 'fit for tentative conclusions', 'weak', 'close to chance', 'close to chance'],
  ]);
});
