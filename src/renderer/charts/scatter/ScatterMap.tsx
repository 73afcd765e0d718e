import { type KeyboardEvent, type PointerEvent, type ReactNode, useMemo, useRef, useState } from 'react';
import { HeatMapTip } from '../heatMap/HeatMapTip.tsx';
import { useSize } from '../useSize.ts';
import { nearestPoint } from './nearestPoint.ts';
import type { Points } from './PointPainter.ts';
import { type Label, ScatterLayers } from './ScatterLayers.tsx';
import css from './ScatterMap.module.css';
import { useWheelZoom } from './useWheelZoom.ts';
import { moved, type ScatterView, toPicture, wholeView, zoomed } from './view.ts';

export type Tool = 'lasso' | 'box' | 'move';

interface Props {
  readonly points: Points;
  /** The picture runs from 0 to this in both directions. */
  readonly edge: number;
  /** Name of each place of the palette; null where colours have no names. */
  readonly names: readonly string[] | null;
  readonly tool: Tool;
  /** Whether lines around the densest parts are drawn. */
  readonly contours: boolean;
  readonly label: string;
  readonly tip: (row: number) => ReactNode;
  readonly onRow: (row: number) => void;
  /** Corners of what was drawn, in the picture; `add` to what is chosen already. */
  readonly onArea: (area: readonly number[], add: boolean) => void;
  readonly onClear: () => void;
}

const PAN = 60;
const STEP = 1.5;
/** Less than this is a click. */
const DRAWN = 5;
const NEAR = 9;

type Place = readonly [x: number, y: number];

/** Points of a plane: wheel, + and − come closer, arrow keys move; what is drawn around chooses. */
export function ScatterMap(props: Props) {
  const { points, edge, names, tool, contours, label, tip, onRow, onArea, onClear } = props;
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box);
  const frame = useMemo(() => ({ width, height }), [width, height]);
  const [asked, setAsked] = useState<ScatterView | null>(null);
  const view = useMemo(() => asked ?? wholeView(frame, edge), [asked, frame, edge]);
  const [path, setPath] = useState<readonly Place[] | null>(null);
  const [hover, setHover] = useState<{ row: number; x: number; y: number } | null>(null);
  const from = useRef<Place | null>(null);
  useWheelZoom(box, (by, at) => setAsked(zoomed(view, frame, edge, by, at)));

  const placeOf = (event: PointerEvent): Place => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  const isMove = (event: PointerEvent) => tool === 'move' || event.buttons === 4;
  const down = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = placeOf(event);
    if (!isMove(event)) setPath([placeOf(event)]);
    setHover(null);
  };
  const drag = (event: PointerEvent) => {
    const at = placeOf(event);
    const start = from.current;
    if (start === null) {
      const row = nearestPoint(points.places, view, frame, at, NEAR);
      setHover(row === null ? null : { row, x: at[0], y: at[1] });
    } else if (isMove(event)) {
      setAsked(moved(view, edge, at[0] - start[0], at[1] - start[1]));
      from.current = at;
    } else if (tool === 'box') setPath([start, [at[0], start[1]], at, [start[0], at[1]]]);
    else setPath((before) => [...(before ?? []), at]);
  };
  const areaOf = (corners: readonly Place[]): number[] =>
    corners.flatMap((at) => toPicture(view, frame, at).map(Math.round));
  const up = (event: PointerEvent) => {
    const at = placeOf(event);
    const drawn = path;
    const start = from.current;
    from.current = null;
    setPath(null);
    if (start === null) return;
    const far = (drawn ?? []).some(([x, y]) => Math.hypot(x - start[0], y - start[1]) > DRAWN);
    if (drawn !== null && far && drawn.length > 2) onArea(areaOf(drawn), event.shiftKey);
    else if (tool !== 'move' || Math.hypot(at[0] - start[0], at[1] - start[1]) < 1) {
      const row = nearestPoint(points.places, view, frame, at, NEAR);
      if (row !== null) onRow(row);
    }
  };
  const key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const pan = (x: number, y: number) => setAsked(moved(view, edge, x, y));
    if (event.key === 'ArrowLeft') pan(PAN, 0);
    else if (event.key === 'ArrowRight') pan(-PAN, 0);
    else if (event.key === 'ArrowUp') pan(0, PAN);
    else if (event.key === 'ArrowDown') pan(0, -PAN);
    else if (event.key === '+' || event.key === '=') setAsked(zoomed(view, frame, edge, STEP));
    else if (event.key === '-') setAsked(zoomed(view, frame, edge, 1 / STEP));
    else if (event.key === '0') setAsked(null);
    else if (event.key === 'Enter')
      onArea(
        areaOf([
          [0, 0],
          [width, 0],
          [width, height],
          [0, height],
        ]),
        event.shiftKey,
      );
    else if (event.key === 'Escape') {
      from.current = null;
      setPath(null);
      onClear();
    } else return;
    event.preventDefault();
  };
  const words: Label | null = useMemo(
    () => names && { names, known: points.palette.length },
    [names, points],
  );
  return (
    <div
      ref={box}
      className={css.frame}
      data-tool={tool}
      role="application"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys.
      tabIndex={0}
      onPointerDown={down}
      onPointerMove={drag}
      onPointerUp={up}
      onPointerLeave={() => setHover(null)}
      onKeyDown={key}
    >
      <ScatterLayers
        points={points}
        view={view}
        frame={frame}
        path={path}
        words={words}
        contours={contours}
      />
      {hover && (
        <HeatMapTip x={hover.x} y={hover.y} width={width} height={height} scrolled={0}>
          {tip(hover.row)}
        </HeatMapTip>
      )}
    </div>
  );
}
