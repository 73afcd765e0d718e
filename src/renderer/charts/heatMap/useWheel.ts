import { type RefObject, useEffect, useRef } from 'react';
import type { RowViewState } from './useRowView.ts';

const ROWS_PER_TURN = 3;

/** Ctrl and wheel (or a pinch) comes closer; the wheel alone scrolls once zoomed in, else it is the page's. */
export function useWheel(element: RefObject<HTMLElement | null>, view: RowViewState): void {
  const latest = useRef(view);
  latest.current = view;
  useEffect(() => {
    const target = element.current;
    const turn = (event: WheelEvent) => {
      const { zoomed, zoom, pan, layout } = latest.current;
      if (event.shiftKey || (!event.ctrlKey && !zoomed)) return;
      event.preventDefault();
      if (event.ctrlKey) zoom(event.deltaY > 0 ? 1.25 : 0.8);
      else pan(Math.sign(event.deltaY) * ROWS_PER_TURN * layout.rowsPerLine);
    };
    target?.addEventListener('wheel', turn, { passive: false });
    return () => target?.removeEventListener('wheel', turn);
  }, [element]);
}
