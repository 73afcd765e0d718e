import type { ReactNode } from 'react';
import css from './HeatMap.module.css';

interface Props {
  /** Where it points, within the frame. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly scrolled: number;
  readonly children: ReactNode;
}

/** Beside the pointer, on the side that has room. */
export function HeatMapTip({ x, y, width, height, scrolled, children }: Props) {
  const place = {
    ...(x - scrolled < width / 2 ? { left: x + 16 } : { right: width - x + 16 }),
    ...(y < height / 2 ? { top: y + 12 } : { bottom: height - y + 12 }),
  };
  return (
    <div className={css.tip} style={place}>
      {children}
    </div>
  );
}
