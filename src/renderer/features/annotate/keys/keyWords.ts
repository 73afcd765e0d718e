/** Keys as they are pressed, drawn and read out. Pure. */
import type { StrengthScale } from '#core/verdictAttributes.ts';
import { scaleSteps } from '../scale.ts';

const SIGNS: Readonly<Record<string, string>> = {
  arrowleft: '←',
  arrowright: '→',
  arrowup: '↑',
  arrowdown: '↓',
  escape: 'Esc',
  delete: 'Del',
  enter: 'Enter',
  tab: 'Tab',
  backspace: 'Backspace',
  insert: 'Insert',
  home: 'Home',
  end: 'End',
  pagedown: 'PageDown',
  pageup: 'PageUp',
  ' ': 'Space',
};
const SPOKEN: Readonly<Record<string, string>> = {
  arrowleft: 'Left arrow',
  arrowright: 'Right arrow',
  arrowup: 'Up arrow',
  arrowdown: 'Down arrow',
  pagedown: 'Page Down',
  pageup: 'Page Up',
  '?': 'Question mark',
};
const named = (key: string): string =>
  SIGNS[key] ?? (/^.$|^f\d+$/u.test(key) ? key.toUpperCase() : key.charAt(0).toUpperCase() + key.slice(1));

/** As on a key's cap: `Shift+E` for `shift+e`, `←` for `arrowleft`. */
export const capOf = (key: string): string =>
  key.replace(
    /^(shift\+)?(.+)$/s,
    (_, shift?: string, last = '') => `${shift === undefined ? '' : 'Shift+'}${named(last)}`,
  );

const spokenKey = (key: string): string =>
  key.startsWith('shift+') ? `Shift and ${spokenKey(key.slice(6))}` : (SPOKEN[key] ?? capOf(key));

/** `1, Left arrow or Q`. */
export const spokenKeys = (keys: readonly string[]): string =>
  keys
    .map(spokenKey)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');

/** The keys that reach an action: with a scale of strength its steps have the first digits. */
export function reaching(keys: readonly string[], scale: StrengthScale): readonly string[] {
  const steps = scaleSteps(scale).length;
  return keys.filter((key) => !/^[1-9]$/.test(key) || Number(key) > steps);
}

type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>;
const MODIFIERS = new Set([
  'Shift',
  'Control',
  'Alt',
  'AltGraph',
  'Meta',
  'CapsLock',
  'NumLock',
  'ScrollLock',
  'Fn',
]);

/** The pressed key as a binding names it: null for a modifier alone, and where it can not be told from another. */
export function pressedKey(event: Pressed): string | null {
  if (event.ctrlKey || event.altKey || event.metaKey || MODIFIERS.has(event.key)) return null;
  if (['Dead', 'Process', 'Unidentified'].includes(event.key)) return null;
  const key = event.key.toLowerCase();
  return event.shiftKey && /^\p{L}$|^.{2,}$/u.test(key) ? `shift+${key}` : key;
}

/** A hint that names the key, where there is one: `Edit it into a better one (E)`. */
export const withKey = (text: string, cap: string | undefined): string =>
  cap === undefined ? text : `${text} (${cap})`;
