import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef } from 'react';
import type uPlot from 'uplot';
import { formatCount } from '../format.ts';
import { useColourScheme } from '../theme/useColourScheme.ts';
import { ChartLegend } from './ChartLegend.tsx';
import { type AxisRange, type ChartSeries, chartOptions } from './chartOptions.ts';
import { cursorWords, extentWords } from './chartWords.ts';
import css from './LineChart.module.css';
import { Plot } from './Plot.tsx';
import { alignPoints, extentOf, lastUpTo, minMaxColumns, valueAtOrBefore, withinRange } from './series.ts';
import { type StepRange, zoomedRange } from './stepRange.ts';
import { useRangeWheel } from './useRangeWheel.ts';
import { useSize } from './useSize.ts';

export interface LineChartProps {
  readonly title: string;
  readonly series: readonly ChartSeries[];
  /** What the values were measured on, and how they were thinned out. */
  readonly note: string;
  /** Said where there is no value yet. */
  readonly empty: string;
  readonly left?: AxisRange;
  readonly right?: AxisRange;
  /** Steps narrowed to by hand; else `extent`, which all charts of a run share. */
  readonly range: StepRange | null;
  readonly extent: StepRange | null;
  readonly onRange: (range: StepRange | null) => void;
  /** Step that is read, the same in all charts of a run; null shows the newest values. */
  readonly step: number | null;
  readonly onStep: (step: number | null) => void;
  /** A click, or Enter at the step that is read, asks what lies behind it. */
  readonly onOpen: (step: number) => void;
  readonly format?: (value: number) => string;
  /** What can be chosen of this chart, beside its title. */
  readonly controls?: ReactNode;
}

const HEIGHT = 156;
const ZOOM_KEYS: Readonly<Record<string, number>> = { '+': 2, '=': 2, '-': 0.5 };
const NO_RANGE: AxisRange = {};

/** Values over steps. The pointer or the arrow keys read it; a drag, Ctrl and wheel, + and − narrow the steps shown, in full detail. */
export function LineChart(props: LineChartProps) {
  const {
    title,
    series,
    note,
    empty,
    left = NO_RANGE,
    right = NO_RANGE,
    range,
    extent,
    onRange,
    step: read,
    onStep,
    onOpen,
    format,
    controls,
  } = props;
  const scheme = useColourScheme();
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const rangeNow = useRef(range);
  rangeNow.current = range ?? extent;
  const onStepNow = useRef(onStep);
  onStepNow.current = onStep;
  const onOpenNow = useRef(onOpen);
  onOpenNow.current = onOpen;
  const { width } = useSize(frame);
  const noteId = useId();

  const drawn = useMemo(() => {
    const columns = Math.max(50, width - 60);
    const reduced = series.map(({ points }) =>
      minMaxColumns(range ? withinRange(points, range[0], range[1]) : points, columns),
    );
    return { data: alignPoints(reduced), thinned: reduced.some((points) => points.reduced) };
  }, [series, width, range]);

  const [steps, ...columns] = drawn.data;
  const at = read === null ? steps.length - 1 : lastUpTo(steps, read);
  const shown = columns.map((column) => valueAtOrBefore(column, steps, at));
  const values = shown.map(({ value }) => value);
  const hasValues = series.some(({ points }) => extentOf(points) !== null);
  const zoom = (by: number, about: number) => extent && onRange(zoomedRange(range, extent, about, by));
  useRangeWheel(frame, plot, zoom);
  const identity = `${scheme} ${JSON.stringify([left, right])} ${series
    .map(({ label, role, dashed, scale }) => [label, role, dashed, scale].join())
    .join(';')}`;

  const onKeyDown = (event: KeyboardEvent) => {
    const move = { ArrowLeft: -1, ArrowRight: 1, PageUp: -25, PageDown: 25 }[event.key];
    if (event.key === 'Escape') {
      onStep(null);
      onRange(null);
    } else if (event.ctrlKey || event.metaKey) return;
    else if (event.key === '0') onRange(null);
    else if (ZOOM_KEYS[event.key] !== undefined) zoom(ZOOM_KEYS[event.key] as number, read ?? steps[at] ?? 0);
    else if (event.key === 'Enter' && steps[at] !== undefined) onOpen(read ?? steps[at]);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(steps.length - 1);
    else if (move !== undefined) moveTo(Math.min(steps.length - 1, Math.max(0, at + move)));
    else return;
    event.preventDefault();
  };
  const moveTo = (index: number) => {
    const step = steps[index];
    if (step === undefined || !plot.current) return;
    // neighbours beyond a narrowed range lie outside the plot
    const left = Math.min(plot.current.over.clientWidth, Math.max(0, plot.current.valToPos(step, 'x')));
    plot.current.setCursor({ left, top: 1 });
  };

  return (
    <section className={`card ${css.chart}`} aria-label={`Chart: ${title}`}>
      <div className={css.head}>
        <h2>{title}</h2>
        {controls}
        <ChartLegend series={series} values={shown} step={read} format={format} />
      </div>
      <div
        ref={frame}
        className={css.plot}
        style={{ minHeight: HEIGHT }}
        role="slider"
        tabIndex={0}
        title="A click, or Enter, lists the pairs of the step; a drag, + and −, or Ctrl and wheel: zoom; 0: the whole run"
        aria-label={`${title} by step${left.log ? ', logarithmic' : ''}. ${extentWords(series)}`}
        aria-describedby={noteId}
        aria-valuemin={steps[0] ?? 0}
        aria-valuemax={steps.at(-1) ?? 0}
        aria-valuenow={read ?? steps[at] ?? 0}
        aria-valuetext={cursorWords(series, values, read ?? steps[at])}
        onKeyDown={onKeyDown}
      >
        {hasValues && width > 0 ? (
          <Plot
            key={identity}
            handle={plot}
            data={drawn.data}
            width={width}
            height={HEIGHT}
            options={() =>
              chartOptions({
                series,
                left,
                right,
                width,
                height: HEIGHT,
                onCursor: (step) => onStepNow.current(step),
                onClick: (step) => onOpenNow.current(step),
                onSelect: (from, to) => onRange([from, to]),
                xRange: () => rangeNow.current,
              })
            }
          />
        ) : (
          <div className={css.empty} style={{ height: HEIGHT }}>
            {empty}
          </div>
        )}
      </div>
      <p id={noteId} className={css.note}>
        {read !== null && `Step ${formatCount(read)} · `}
        {note}
        {drawn.thinned && ' · lowest and highest value per pixel'}
      </p>
    </section>
  );
}
