/** uPlot options from what a chart means to show. */
import type uPlot from 'uplot';
import { formatTick } from './compactNumber.ts';
import type { Points } from './series.ts';

/** Colour roles of the theme that a line may take. */
export type LineRole = 'accent' | 'good' | 'bad' | 'warn' | 'muted' | 'faint';

export interface ChartSeries {
  readonly label: string;
  readonly points: Points;
  readonly role: LineRole;
  readonly dashed?: boolean;
  /** Noisy values behind their running mean. */
  readonly pale?: boolean;
  /** Marks each value: evaluations are few. */
  readonly marked?: boolean;
  readonly scale?: 'left' | 'right';
}

export interface AxisRange {
  /** Values that are always in view; the data may widen it. */
  readonly least?: number;
  readonly most?: number;
  /** Logarithmic: values of 0 and below lie beneath the picture. */
  readonly log?: boolean;
}

interface Colours {
  readonly line: string;
  readonly text: string;
  /** Any colour role of the theme by its name. */
  readonly of: (role: string) => string;
}

/** Reads the theme's roles as they stand now. */
export function themeColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return { line: read('line'), text: read('muted'), of: read };
}

/** Of a logarithmic axis over positive values; four decades where the least of them is none. */
export function logRange(low: number | null, high: number | null): [number, number] {
  if (high === null || !(high > 0)) return [0.1, 1];
  const bottom = low !== null && low > 0 ? low : high / 1e4;
  return [bottom / 1.1, high * 1.1];
}

const logScale: uPlot.Scale = {
  distr: 3,
  log: 10,
  range: (_plot, low, high) => logRange(low, high),
};

const scaleOf = ({ least, most, log }: AxisRange): uPlot.Scale =>
  log
    ? logScale
    : {
        range: (_plot, low, high) => {
          if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high))
            return [least ?? 0, most ?? 1];
          const bottom = Math.min(low, least ?? low);
          const top = Math.max(high, most ?? high);
          const margin = (top - bottom || Math.abs(top) || 1) * 0.06;
          return [bottom === least ? bottom : bottom - margin, top === most ? top : top + margin];
        },
      };

const tickText: uPlot.Axis.DynamicValues = (_plot, splits, _axis, _space, increment) =>
  splits.map((split) => formatTick(split, increment));

/** Of a logarithmic axis, whose lines are told by different steps. */
const logText: uPlot.Axis.DynamicValues = (_plot, splits) =>
  splits.map((split) => (split === null ? '' : formatTick(split, split / 10)));

/** A press that moves less is a click. */
const DRAG_PIXELS = 4;

/** Leaves out the last step's number where it would touch the right axis. */
const stepText: uPlot.Axis.DynamicValues = (plot, splits, _axis, _space, increment) =>
  splits.map((split) =>
    split > (plot.scales.x?.max ?? Number.POSITIVE_INFINITY) - increment / 4
      ? ''
      : formatTick(split, increment),
  );

export interface ChartShape {
  readonly series: readonly ChartSeries[];
  readonly left: AxisRange;
  readonly right: AxisRange;
  readonly width: number;
  readonly height: number;
  /** Step under the pointer: of the axis, which all charts share, not of the nearest value of this one. */
  readonly onCursor: (step: number | null) => void;
  readonly onClick: (step: number) => void;
  readonly onSelect: (from: number, to: number) => void;
  readonly xRange: () => readonly [number, number] | null;
}

export function chartOptions(shape: ChartShape): uPlot.Options {
  const colours = themeColours();
  const font = '11px system-ui, "DejaVu Sans", sans-serif';
  const axis = (more: uPlot.Axis): uPlot.Axis => ({
    stroke: colours.text,
    font,
    grid: { stroke: colours.line, width: 1 },
    ticks: { show: false },
    values: tickText,
    ...more,
  });
  const usesRight = shape.series.some(({ scale }) => scale === 'right');
  /** A drag is no click. */
  let pressedAt: number | null = null;
  return {
    width: shape.width,
    height: shape.height,
    padding: [6, usesRight ? 0 : 22, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { size: 6 },
      drag: { x: true, y: false, setScale: false, dist: DRAG_PIXELS },
      sync: { key: 'run', scales: ['x', null] },
    },
    scales: {
      x: {
        time: false,
        range: (_plot, low, high) => {
          const fixed = shape.xRange();
          if (fixed) return [fixed[0], fixed[1]];
          return [low ?? 0, high === null || high === low ? (low ?? 0) + 1 : high];
        },
      },
      left: scaleOf(shape.left),
      ...(usesRight ? { right: scaleOf(shape.right) } : {}),
    },
    axes: [
      axis({
        size: 24,
        space: 70,
        gap: 4,
        grid: { show: false },
        values: usesRight ? stepText : tickText,
      }),
      axis({ scale: 'left', size: 46, space: 32, gap: 4, ...(shape.left.log && { values: logText }) }),
      ...(usesRight
        ? [axis({ scale: 'right', side: 1, size: 46, space: 32, gap: 4, grid: { show: false } })]
        : []),
    ],
    series: [
      {},
      ...shape.series.map(
        (series): uPlot.Series => ({
          label: series.label,
          scale: series.scale ?? 'left',
          stroke: colours.of(series.role),
          width: series.pale ? 1 : 1.8,
          alpha: series.pale ? 0.38 : 1,
          spanGaps: true,
          points: { show: series.marked === true, size: 5, fill: colours.of(series.role) },
          ...(series.dashed ? { dash: [4, 4] } : {}),
        }),
      ),
    ],
    hooks: {
      ready: [
        ({ over, posToVal }) => {
          over.addEventListener('mousedown', ({ clientX }) => {
            pressedAt = clientX;
          });
          over.addEventListener('click', ({ clientX }) => {
            if (pressedAt === null || Math.abs(clientX - pressedAt) >= DRAG_PIXELS) return;
            const left = clientX - over.getBoundingClientRect().left;
            shape.onClick(Math.max(0, Math.round(posToVal(left, 'x'))));
          });
        },
      ],
      setCursor: [
        (plot) => {
          const left = plot.cursor.left ?? -1;
          shape.onCursor(left < 0 ? null : Math.max(0, Math.round(plot.posToVal(left, 'x'))));
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < DRAG_PIXELS) return;
          shape.onSelect(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'));
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}
