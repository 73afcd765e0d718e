import { useEffect, useRef } from 'react';
import { formatCount } from '../../format.ts';
import { codeColour } from '../../theme/codeColour.ts';
import { useColourScheme } from '../../theme/useColourScheme.ts';
import { themeColours } from '../chartOptions.ts';
import type { Cell } from './cells.ts';
import type { Cursor } from './cursor.ts';
import type { HeatMapData } from './data.ts';
import css from './HeatMap.module.css';
import { lineOfRow } from './layout.ts';
import { type Colours, type Geometry, paintCells, paintHeader, paintMarks, sizeCanvas } from './paint.ts';
import type { RowViewState } from './useRowView.ts';

/** Of prompts without a value. */
const NO_NAME = 'none';

interface Props {
  readonly data: HeatMapData;
  readonly order: readonly number[];
  readonly view: RowViewState;
  readonly geometry: Geometry;
  readonly width: number;
  readonly height: number;
  readonly hover: Cell | null;
  readonly cursor: Cursor | null;
  readonly selectedCode: number | null;
  readonly selectedRow: number | null;
}

/** Cells below, marks above, so that a moving pointer redraws only the marks. */
export function HeatMapLayers(props: Props) {
  const { data, order, view, geometry, width, height, hover, cursor, selectedCode, selectedRow } = props;
  const { left, top, columnWidth } = geometry;
  const { layout, figures } = view;
  const cells = useRef<HTMLCanvasElement>(null);
  const marks = useRef<HTMLCanvasElement>(null);
  const scheme = useColourScheme();

  useEffect(() => {
    const context = cells.current && sizeCanvas(cells.current, width, height);
    if (!context) return;
    const place = { left, top, columnWidth };
    const colours = coloursOf(scheme);
    paintCells(context, layout.lines, figures.means, order, data.codes, data.largest, place, colours);
    paintHeader(context, order, selectedCode, place, colours);
    const [first, last] = [layout.lines[0], layout.lines.at(-1)];
    if (cells.current && first && last)
      cells.current.dataset.drawn = `${first.start} ${last.start + last.rows}`;
  }, [data, order, layout, figures, width, height, left, top, columnWidth, scheme, selectedCode]);

  useEffect(() => {
    const context = marks.current && sizeCanvas(marks.current, width, height);
    if (!context) return;
    const lineOf = (row: number | null) =>
      row === null ? null : (layout.lines[lineOfRow(layout, row)] ?? null);
    const cursorLine = lineOf(cursor?.row ?? null);
    const column = selectedCode === null ? -1 : order.indexOf(selectedCode);
    paintMarks(
      context,
      {
        hover: hover && { line: hover.line, column: order.indexOf(hover.code) },
        cursor: cursor && cursorLine && { line: cursorLine, column: cursor.column },
        selectedColumn: column < 0 ? null : column,
        selectedLine: lineOf(selectedRow),
      },
      order.length,
      layout.height,
      { left, top, columnWidth },
      coloursOf(scheme),
    );
  }, [
    order,
    layout,
    width,
    height,
    left,
    top,
    columnWidth,
    scheme,
    hover,
    cursor,
    selectedCode,
    selectedRow,
  ]);

  return (
    <>
      <canvas ref={cells} />
      <canvas ref={marks} />
      {layout.bands
        .filter(({ height: tall }) => tall >= 12)
        .map(({ name, y, rows, height: tall }) => (
          <div
            key={name}
            className={css.band}
            style={{ top: top + y, width: left - 16, WebkitLineClamp: Math.floor(tall / 14) }}
            title={`${name || NO_NAME}: ${formatCount(rows)} prompts`}
          >
            {name || NO_NAME}
          </div>
        ))}
    </>
  );
}

function coloursOf(scheme: 'light' | 'dark'): Colours {
  const theme = themeColours();
  return {
    text: theme.of('text'),
    accent: theme.of('accent'),
    codeColour: (code) => codeColour(code, scheme),
  };
}
