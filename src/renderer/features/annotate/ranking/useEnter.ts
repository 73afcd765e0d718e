import { useLayoutEffect, useRef } from 'react';
import { overlayOpen, takesText } from '../../../components/keys.ts';

/** Enter gives what is in hand, unless it presses a button or ends a text. */
export function useEnter(give: (() => void) | null): void {
  const latest = useRef(give);
  latest.current = give;
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { key, target, repeat, defaultPrevented, ctrlKey, altKey, metaKey } = event;
      if (key !== 'Enter' || repeat || defaultPrevented || ctrlKey || altKey || metaKey) return;
      if (latest.current === null || takesText(target) || overlayOpen()) return;
      if (target instanceof HTMLElement && target.closest('button, a, summary') !== null) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
