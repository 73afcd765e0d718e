import { type RefObject, useEffect, useRef } from 'react';
import type uPlot from 'uplot';

const STEP = 1.25;

/** Ctrl and wheel (or a pinch) over a plot comes closer to the step under the pointer; the wheel alone is the page's. */
export function useRangeWheel(
  element: RefObject<HTMLElement | null>,
  plot: RefObject<uPlot | null>,
  zoom: (by: number, step: number) => void,
): void {
  const latest = useRef(zoom);
  latest.current = zoom;
  useEffect(() => {
    const target = element.current;
    const turn = (event: WheelEvent) => {
      if (!event.ctrlKey || !plot.current) return;
      event.preventDefault();
      const left = event.clientX - plot.current.over.getBoundingClientRect().left;
      latest.current(event.deltaY > 0 ? 1 / STEP : STEP, plot.current.posToVal(left, 'x'));
    };
    target?.addEventListener('wheel', turn, { passive: false });
    return () => target?.removeEventListener('wheel', turn);
  }, [element, plot]);
}
