import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

const NEAR_PX = 48;

/** Keeps a scrolled part at its end while `content` grows, unless the reader has scrolled away from it. */
export function useFollowEnd(part: RefObject<HTMLElement | null>, content: number, active: boolean): void {
  const atEnd = useRef(true);
  useEffect(() => {
    const element = part.current;
    if (element === null) return;
    const look = () => {
      atEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
    };
    element.addEventListener('scroll', look, { passive: true });
    return () => element.removeEventListener('scroll', look);
  }, [part]);
  useLayoutEffect(() => {
    const element = part.current;
    if (active && content > 0 && atEnd.current && element !== null) element.scrollTop = element.scrollHeight;
  }, [part, content, active]);
}
