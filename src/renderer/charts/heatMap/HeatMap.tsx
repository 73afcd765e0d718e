import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useSize } from '../useSize.ts';
import { type Cell, cellAtPoint, cellOf } from './cells.ts';
import { type Cursor, moveCursor } from './cursor.ts';
import type { HeatMapData } from './data.ts';
import css from './HeatMap.module.css';
import { HeatMapLayers } from './HeatMapLayers.tsx';
import { HeatMapTip } from './HeatMapTip.tsx';
import { type Line, lineOfRow } from './layout.ts';
import { type ReadLines, type RowViewState, useRowView } from './useRowView.ts';
import { useWheel } from './useWheel.ts';

export interface HeatMapProps {
  readonly data: HeatMapData;
  /** What was read of the lines that were asked for last. */
  readonly read: ReadLines | null;
  readonly onLines: (lines: readonly Line[]) => void;
  /** Codes from left to right. */
  readonly order: readonly number[];
  readonly selectedCode: number | null;
  readonly selectedRow: number | null;
  readonly onCode: (code: number) => void;
  readonly onPrompt: (promptId: number) => void;
  readonly tip: (cell: Cell) => ReactNode;
  readonly describe: (cell: Cell) => string;
  readonly label: string;
  /** Zoom buttons and the line that says what a row stands for. */
  readonly controls: (view: RowViewState) => ReactNode;
}

const LEFT = 112;
const TOP = 24;
const PADDING = 12;
const COLUMN_LEAST = 8;
const COLUMN_MOST = 44;

export function HeatMap(props: HeatMapProps) {
  const { data, read, onLines, order, selectedCode, selectedRow, onCode, onPrompt } = props;
  const { tip, describe, label, controls } = props;
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(frame);
  const view = useRowView(data, Math.max(0, height - TOP - PADDING), read, onLines);
  const [hover, setHover] = useState<{ cell: Cell; x: number; y: number } | null>(null);
  const [cursor, setCursor] = useState<Cursor | null>(null);
  const columnWidth = Math.min(COLUMN_MOST, Math.max(COLUMN_LEAST, (width - LEFT - PADDING) / order.length));
  const geometry = { left: LEFT, top: TOP, columnWidth };

  const map = { codes: data.codes, layout: view.layout, figures: view.figures, order };
  const cellAt = (event: { clientX: number; clientY: number }) => {
    const box = frame.current?.getBoundingClientRect();
    if (!frame.current || !box) return null;
    const x = event.clientX - box.left + frame.current.scrollLeft;
    const y = event.clientY - box.top;
    const cell = cellAtPoint(map, geometry, x, y);
    return cell && { cell, x, y };
  };
  const act = (cell: Cell | null) => {
    if (!cell) return;
    if (cell.promptId === null) onCode(cell.code);
    else onPrompt(cell.promptId);
  };
  const cursorCell = cursor && cellOf(map, lineOfRow(view.layout, cursor.row), cursor.column);

  const pointed =
    hover ??
    (cursor && cursorCell?.line
      ? { cell: cursorCell, x: LEFT + cursor.column * columnWidth, y: TOP + cursorCell.line.y }
      : null);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const at = cursor ?? { row: view.view.from, column: 0 };
    const next = moveCursor(at, event.key, view.layout, order.length, data.rows);
    if (next) {
      setCursor(cursor ? next : at);
      view.reveal(next.row);
    } else if (event.key === '+' || event.key === '=') view.zoom(0.5, at.row);
    else if (event.key === '-') view.zoom(2, at.row);
    else if (event.key === '0') view.showAll();
    else if (event.key === 'Enter') act(cursorCell);
    else if (event.key === ' ') cursorCell && onCode(cursorCell.code);
    else if (event.key === 'Escape') setCursor(null);
    else return;
    event.preventDefault();
  };

  useWheel(frame, view);

  return (
    <>
      {controls(view)}
      <div
        ref={frame}
        className={css.frame}
        role="slider"
        tabIndex={0}
        aria-roledescription="heat map"
        aria-label={label}
        aria-orientation="vertical"
        aria-valuemin={1}
        aria-valuemax={data.rows}
        aria-valuenow={(cursor?.row ?? view.view.from) + 1}
        aria-valuetext={
          cursorCell ? describe(cursorCell) : 'Arrow keys move, Enter opens a prompt, Space a code'
        }
        onKeyDown={onKeyDown}
        onPointerMove={(event) => setHover(cellAt(event))}
        onPointerLeave={() => setHover(null)}
        onBlur={() => setCursor(null)}
        onClick={(event) => act(cellAt(event)?.cell ?? null)}
      >
        <HeatMapLayers
          data={data}
          order={order}
          view={view}
          geometry={geometry}
          width={Math.max(width, LEFT + order.length * columnWidth + PADDING)}
          height={height}
          hover={hover?.cell ?? null}
          cursor={cursor}
          selectedCode={selectedCode}
          selectedRow={selectedRow}
        />
        {pointed && (
          <HeatMapTip
            x={pointed.x}
            y={pointed.y}
            width={width}
            height={height}
            scrolled={frame.current?.scrollLeft ?? 0}
          >
            {tip(pointed.cell)}
          </HeatMapTip>
        )}
      </div>
    </>
  );
}
