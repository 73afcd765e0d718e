import { formatCount } from '../format.ts';
import type { ChartSeries } from './chartOptions.ts';
import { formatCompact } from './compactNumber.ts';
import css from './LineChart.module.css';
import type { ReadValue } from './series.ts';

interface Props {
  readonly series: readonly ChartSeries[];
  readonly values: readonly ReadValue[];
  /** Step that is read; a value of an earlier one says of which. */
  readonly step: number | null;
  readonly format?: ((value: number) => string) | undefined;
}

/** Each line's stroke as it is drawn, its name and its value: colour is never the only sign. */
export function ChartLegend({ series, values, step, format }: Props) {
  return series.map((line, index) => {
    const { value, step: of } = values[index] ?? { value: null, step: null };
    const earlier = step !== null && of !== null && of !== step && line.marked === true;
    return (
      <span key={line.label} className={css.entry}>
        <svg width="16" height="8" aria-hidden="true">
          <line
            x1="0"
            x2="16"
            y1="4"
            y2="4"
            stroke={`var(--${line.role})`}
            strokeWidth={line.pale ? 1 : 2}
            strokeOpacity={line.pale ? 0.5 : 1}
            strokeDasharray={line.dashed ? '4 3' : undefined}
          />
          {line.marked && <circle cx="8" cy="4" r="2.6" fill={`var(--${line.role})`} />}
        </svg>
        {line.label}
        <span className={css.value}>
          {value === null ? '–' : format ? format(value) : formatCompact(value)}
        </span>
        {earlier && <span className={css.value}>(step {formatCount(of)})</span>}
      </span>
    );
  });
}
