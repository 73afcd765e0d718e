import { expect, it } from 'vitest';
import { orderedReplies, standingLabel, verdictLook } from './pairLook.ts';

const row = { a: 'first', b: 'second' };

it('lets a person overrule the file, and a skip change nothing', () => {
  expect(orderedReplies({ ...row, imported: 'a', verdict: 'b' })).toMatchObject({
    chosen: 'second',
    preference: true,
  });
  expect(standingLabel({ imported: 'b', verdict: 'skip' })).toBe('b');
});

it('claims no preference for a tie', () => {
  expect(orderedReplies({ ...row, imported: 'a', verdict: 'tie' })).toEqual({
    chosen: 'first',
    rejected: 'second',
    preference: false,
  });
});

it('warns where a verdict and the file disagree, and only there', () => {
  expect(verdictLook({ imported: 'a', verdict: 'b' })?.tone).toBe('warn');
  expect(verdictLook({ imported: 'a', verdict: 'a' })?.tone).toBe('good');
  expect(verdictLook({ imported: null, verdict: 'b' })?.tone).toBe('good');
  expect(verdictLook({ imported: 'a', verdict: null })).toBeNull();
});
