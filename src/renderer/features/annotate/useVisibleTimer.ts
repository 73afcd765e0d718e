import { useEffect, useRef } from 'react';
import { elapsed, setVisible, startTimer, type VisibleTimer } from './visibleTimer.ts';

const shown = () => document.visibilityState === 'visible';

/** Starts anew with each item; the returned function reads how long it has been visible, milliseconds. */
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
    document.addEventListener('visibilitychange', follow);
    return () => document.removeEventListener('visibilitychange', follow);
  }, [itemId]);
  return () => elapsed(timer.current.value, performance.now());
}
