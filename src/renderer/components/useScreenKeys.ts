import { useLayoutEffect, useRef } from 'react';
import { bindingFor, type KeyBindings, overlayOpen, scrollsItself, takesText } from './keys.ts';

/**
 * Binds single keys for a screen: `useScreenKeys({ i: openImport, '/': focusSearch, 'shift+e': edit })`. Names are
 * `event.key` in lower case. Not while text is typed, a dialog is open, or Ctrl, Alt or Meta is held.
 */
export function useScreenKeys(bindings: KeyBindings, enabled = true): void {
  const latest = useRef(bindings);
  latest.current = bindings;
  // With the screen, not after its first frame: a key pressed as soon as it is seen counts.
  useLayoutEffect(() => {
    if (!enabled) return;
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || takesText(event.target) || scrollsItself(event) || overlayOpen()) return;
      const action = bindingFor(latest.current, event);
      if (action === undefined) return;
      event.preventDefault();
      action(event);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [enabled]);
}
