import { type RefObject, useEffect, useRef } from 'react';

const STEP = 1.2;

/** The wheel comes closer to what is under the pointer. */
export function useWheelZoom(
  element: RefObject<HTMLElement | null>,
  zoom: (by: number, at: readonly [number, number]) => void,
): void {
  const latest = useRef(zoom);
  latest.current = zoom;
  useEffect(() => {
    const target = element.current;
    const turn = (event: WheelEvent) => {
      if (!target) return;
      event.preventDefault();
      const { left, top } = target.getBoundingClientRect();
      latest.current(event.deltaY > 0 ? 1 / STEP : STEP, [event.clientX - left, event.clientY - top]);
    };
    target?.addEventListener('wheel', turn, { passive: false });
    return () => target?.removeEventListener('wheel', turn);
  }, [element]);
}
