import { expect, it } from 'vitest';
import type { ReplyKey } from '#core/preference.ts';
import { actionKeys, CHOICES, choiceLooks, choiceOf, verdictOf } from './actions.ts';

const boundTo = new Map(actionKeys);

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
    for (const cap of choiceLooks[choice].caps)
      expect(boundTo.get((written[cap] ?? cap).toLowerCase())).toBe(choice);
  }
});

it('leaves the leader of screen changes and unbound keys alone', () => {
  for (const key of ['g', 'Enter', 'ArrowUp', '4', ' ']) expect(boundTo.has(key.toLowerCase())).toBe(false);
  expect(new Set(actionKeys.map(([key]) => key)).size).toBe(actionKeys.length);
});
