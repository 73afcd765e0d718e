import { expect, it } from 'vitest';
import type { ReplyKey } from '#core/preference.ts';
import { actionForKey, actionKeys, CHOICES, choiceLooks, choiceOf, verdictOf } from './actions.ts';

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

it('binds each cap shown on a button to that button', () => {
  const written: Record<string, string> = { '←': 'ArrowLeft', '→': 'ArrowRight', '↓': 'ArrowDown' };
  for (const choice of CHOICES) {
    for (const cap of choiceLooks[choice].caps) expect(actionForKey(written[cap] ?? cap)).toBe(choice);
  }
});

it('leaves the leader of screen changes and unbound keys alone', () => {
  for (const key of ['g', 'Enter', 'ArrowUp', '4', ' ']) expect(actionForKey(key)).toBeNull();
  expect(new Set(actionKeys.map(([key]) => key)).size).toBe(actionKeys.length);
});
