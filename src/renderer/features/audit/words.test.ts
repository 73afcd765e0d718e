import { expect, it } from 'vitest';
import { isOpen, reasonOf, sinceWords } from './words.ts';

it('says why a label stands in the list, and what has become of it', () => {
  expect(reasonOf({ probability: 0.004, margin: -5.5 })).toBe('< 1 % likely · margin −5.50');
  expect(reasonOf({ probability: 0.18, margin: -1.5 })).toBe('18 % likely · margin −1.50');
  expect(sinceWords({ label: 'a', now: 'a', decided: false })).toBeNull();
  expect(sinceWords({ label: 'a', now: 'a', decided: true })).toBe('kept');
  expect(sinceWords({ label: 'a', now: 'b', decided: true })).toBe('turned round');
  expect(sinceWords({ label: 'a', now: null, decided: true })).toBe('no longer prefers a reply');
  expect(isOpen({ label: 'a', now: 'a', decided: false })).toBe(true);
  expect(isOpen({ label: 'a', now: 'b', decided: false })).toBe(false);
});
