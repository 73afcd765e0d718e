import { expect, it } from 'vitest';
import { bindingFor } from './keys.ts';

const press = (
  key: string,
  held: Partial<Record<'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey', true>> = {},
) => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...held,
});
const act = () => undefined;

it('leaves combinations to the system and the shell', () => {
  for (const held of ['ctrlKey', 'altKey', 'metaKey'] as const) {
    expect(bindingFor({ s: act, 1: act }, press('s', { [held]: true }))).toBeUndefined();
  }
});

it('takes a letter with Caps Lock, not with Shift', () => {
  expect(bindingFor({ b: act }, press('B'))).toBe(act);
  expect(bindingFor({ b: act }, press('B', { shiftKey: true }))).toBeUndefined();
  expect(bindingFor({ arrowleft: act }, press('ArrowLeft', { shiftKey: true }))).toBeUndefined();
});

it('takes a sign whether or not the keyboard needs Shift for it', () => {
  expect(bindingFor({ '?': act }, press('?', { shiftKey: true }))).toBe(act);
  expect(bindingFor({ '/': act }, press('/', { shiftKey: true }))).toBe(act);
});
