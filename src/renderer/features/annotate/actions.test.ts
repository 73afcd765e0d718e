import { expect, it } from 'vitest';
import type { ReplyKey } from '#core/preference.ts';
import { CHOICES, choiceOf, verdictOf } from './actions.ts';

it('stores the reply that was on the chosen side, whatever the shuffle', () => {
  expect(verdictOf('left', 'a')).toBe('a');
  expect(verdictOf('left', 'b')).toBe('b');
  expect(verdictOf('right', 'a')).toBe('b');
  expect(verdictOf('right', 'b')).toBe('a');
});

it('finds back the side of a stored verdict', () => {
  for (const leftKey of ['a', 'b'] satisfies ReplyKey[]) {
    for (const choice of CHOICES) expect(choiceOf(verdictOf(choice, leftKey), leftKey)).toBe(choice);
  }
});
