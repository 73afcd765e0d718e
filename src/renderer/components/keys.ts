export type KeyBindings = Readonly<Record<string, ((event: KeyboardEvent) => void) | undefined>>;

type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'>;

/**
 * The action bound to a pressed key. A letter with Shift is looked up as `shift+e` alone; a sign or digit that needs
 * Shift on some keyboards (`?`, a French `1`) by itself.
 */
export function bindingFor(bindings: KeyBindings, event: Pressed): KeyBindings[string] {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  const key = event.key.toLowerCase();
  if (!event.shiftKey) return bindings[key];
  const shifted = bindings[`shift+${key}`];
  return shifted ?? (/^\p{L}$|^.{2,}$/u.test(key) ? undefined : bindings[key]);
}

/** True where a key press writes text or belongs to the control itself. */
export function takesText(target: EventTarget | null): boolean {
  if (typeof HTMLElement === 'undefined' || !(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT') return true;
  if (target.tagName !== 'INPUT') return false;
  const type = target.getAttribute('type') ?? 'text';
  return !['checkbox', 'radio', 'button', 'submit', 'range'].includes(type);
}

const scrollKeys = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', ' ']);

/** True for a scroll key inside a part of the screen that has the focus to be scrolled. */
export function scrollsItself({ key, target }: Pick<KeyboardEvent, 'key' | 'target'>): boolean {
  if (typeof HTMLElement === 'undefined' || !(target instanceof HTMLElement)) return false;
  return scrollKeys.has(key) && target.getAttribute('role') === 'region';
}

/** A dialog, a menu or a drop-down has the keys while it is open. */
export const overlayOpen = (): boolean => document.querySelector('[role="dialog"], [role="menu"]') !== null;
