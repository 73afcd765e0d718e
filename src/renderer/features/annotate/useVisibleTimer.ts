import { useEffect, useRef } from 'react';
import { elapsed, noteSign, setVisible, startTimer, type VisibleTimer } from './visibleTimer.ts';

/** What somebody who is there does. */
const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;

const shown = () => document.visibilityState === 'visible';

/** Starts anew with each item; the returned function reads how long somebody has been at it, milliseconds. */
export function useVisibleTimer(itemId: number | null): () => number {
  const timer = useRef<{ readonly id: number | null; value: VisibleTimer }>({
    id: null,
    value: startTimer(0, false),
  });
  useEffect(() => {
    timer.current = { id: itemId, value: startTimer(performance.now(), itemId !== null && shown()) };
    const follow = () => {
      timer.current.value = setVisible(timer.current.value, performance.now(), shown());
    };
    const note = () => {
      timer.current.value = noteSign(timer.current.value, performance.now());
    };
    document.addEventListener('visibilitychange', follow);
    for (const sign of SIGNS) window.addEventListener(sign, note, { passive: true, capture: true });
    return () => {
      document.removeEventListener('visibilitychange', follow);
      for (const sign of SIGNS) window.removeEventListener(sign, note, { capture: true });
    };
  }, [itemId]);
  return () => elapsed(timer.current.value, performance.now());
}
