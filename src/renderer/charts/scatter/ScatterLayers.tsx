import { useEffect, useMemo, useRef, useState } from 'react';
import { contoursOf } from './contours.ts';
import { scatterLabels } from './labels.ts';
import { PointPainter, type Points } from './PointPainter.ts';
import css from './ScatterMap.module.css';
import type { Frame, ScatterView } from './view.ts';

export interface Label {
  readonly names: readonly string[];
  readonly known: number;
}

interface Props {
  readonly points: Points;
  readonly view: ScatterView;
  readonly frame: Frame;
  /** What is being drawn, in the frame. */
  readonly path: readonly (readonly [number, number])[] | null;
  readonly words: Label | null;
  readonly contours: boolean;
}

/** The points, what is drawn around them, and their names. */
export function ScatterLayers({ points, view, frame, path, words, contours }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [painter] = useState(() => new PointPainter());
  useEffect(() => {
    const target = canvas.current;
    if (!target || frame.width === 0 || frame.height === 0) return;
    // One picture a repaint, however often the view moves between two.
    const asked = requestAnimationFrame(() => {
      const ratio = window.devicePixelRatio || 1;
      const pixels = painter.paint(points, view, frame, ratio);
      target.width = Math.round(frame.width * ratio);
      target.height = Math.round(frame.height * ratio);
      target.getContext('2d')?.putImageData(new ImageData(pixels, target.width, target.height), 0, 0);
      target.dataset.drawn = String(points.colours.length);
      target.dataset.chosen = points.chosen === null ? 'none' : 'some';
    });
    return () => cancelAnimationFrame(asked);
  }, [painter, points, view, frame]);
  const labels = useMemo(
    () => (words ? scatterLabels(points.places, points.colours, words.known, view, frame) : []),
    [points, words, view, frame],
  );
  const lines = useMemo(
    () => (contours ? contoursOf(points.places, view, frame) : []),
    [contours, points, view, frame],
  );
  return (
    <>
      <canvas ref={canvas} className={css.points} />
      {lines.length > 0 && (
        <svg className={css.contours} aria-hidden="true">
          {lines.map(({ share, path: line }) => (
            <path key={share} d={line} strokeOpacity={1.05 - share} />
          ))}
        </svg>
      )}
      {labels.map(({ name, x, y }) => (
        <span key={`${name} ${x} ${y}`} className={css.label} style={{ left: x, top: y }} aria-hidden="true">
          {words?.names[name]}
        </span>
      ))}
      {path && (
        <svg className={css.drawn} aria-hidden="true">
          <polygon points={path.map(([x, y]) => `${x},${y}`).join(' ')} />
        </svg>
      )}
    </>
  );
}
