import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { SweepAxis } from '#shared/sweep.ts';
import { formatCompact } from '../../../charts/compactNumber.ts';
import { codeColour } from '../../../theme/codeColour.ts';
import { useColourScheme } from '../../../theme/useColourScheme.ts';
import css from './sweep.module.css';
import {
  METRIC_NAMES,
  METRICS,
  metricOf,
  placesOf,
  type SweepGroup,
  type SweepMetric,
  valueWords,
} from './sweepGroups.ts';

interface Props {
  readonly axes: readonly SweepAxis[];
  readonly groups: readonly SweepGroup[];
}

const [WIDTH, HEIGHT] = [640, 220];
const AREA = { left: 56, right: 16, top: 12, bottom: 34 };
const SCALE_WORDS = { lin: '', log: ', logarithmic', order: '' };

/** A metric against the first setting's values: a dot a run, a line through the means, one for each value of the second setting. */
export function SweepChart({ axes, groups }: Props) {
  const [metric, setMetric] = useState<SweepMetric>('accuracy');
  const scheme = useColourScheme();
  const [first, second] = axes;
  if (!first) return null;
  const lines = (second?.values ?? [null]).map((value, index) => ({
    value,
    colour: codeColour(index, scheme),
    groups: second ? groups.filter(({ values }) => values[1] === value) : groups,
  }));
  const known = groups.flatMap(({ rows }) => rows.flatMap((row) => metricOf(row, metric) ?? []));
  const bars = groups.flatMap(({ spread }) => [spread[metric]?.low ?? [], spread[metric]?.high ?? []].flat());
  const { places, scale } = placesOf(first.values);
  const [low, high] = rangeOf([...known, ...bars]);
  const x = (value: SweepGroup['values'][number]) => {
    const place = places[first.values.indexOf(value ?? null)] ?? 0.5;
    return AREA.left + 12 + place * (WIDTH - AREA.left - AREA.right - 24);
  };
  const y = (value: number) =>
    HEIGHT - AREA.bottom - ((value - low) / (high - low)) * (HEIGHT - AREA.top - AREA.bottom);
  /** Lines of a second setting stand a little apart, so that their dots and bars don't hide each other. */
  const aside = (index: number) => (index - (lines.length - 1) / 2) * Math.min(6, 40 / lines.length);
  const ticks = [low, (low + high) / 2, high];
  return (
    <figure className={css.chart}>
      <div className={css.chartHead}>
        <NativeSelect
          size="xs"
          aria-label="What the chart shows"
          value={metric}
          data={METRICS.map((value) => ({ value, label: METRIC_NAMES[value] }))}
          onChange={({ currentTarget }) => setMetric(currentTarget.value as SweepMetric)}
        />
        {second &&
          lines.map(({ value, colour }) => (
            <span key={valueWords(value)} className="small">
              <i className={css.swatch} style={{ background: colour }} /> {second.field} {valueWords(value)}
            </span>
          ))}
      </div>
      {known.length === 0 ? (
        <p className="small muted">No run has this figure yet.</p>
      ) : (
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          role="img"
          aria-label={`${METRIC_NAMES[metric]} against ${first.field}`}
        >
          {ticks.map((tick) => (
            <g key={tick}>
              <line className={css.grid} x1={AREA.left} x2={WIDTH - AREA.right} y1={y(tick)} y2={y(tick)} />
              <text className={css.tick} x={AREA.left - 6} y={y(tick) + 4} textAnchor="end">
                {formatCompact(tick)}
              </text>
            </g>
          ))}
          {labelled(first.values.map((value) => ({ value, at: x(value) }))).map(({ value, at }) => (
            <text
              key={valueWords(value)}
              className={css.tick}
              x={at}
              y={HEIGHT - AREA.bottom + 16}
              textAnchor="middle"
            >
              {typeof value === 'number' ? formatCompact(value) : valueWords(value)}
            </text>
          ))}
          {lines.map(({ value, colour, groups: own }, index) => {
            const means = own.flatMap((group) => {
              const spread = group.spread[metric];
              return spread === null ? [] : [{ at: x(group.values[0] ?? null) + aside(index), spread }];
            });
            return (
              <g key={valueWords(value)} stroke={colour} fill={colour}>
                <polyline
                  fill="none"
                  strokeWidth={1.6}
                  points={means.map(({ at, spread }) => `${at},${y(spread.mean)}`).join(' ')}
                />
                {means.map(({ at, spread: { low: from, high: to } }) =>
                  from === null || to === null ? null : (
                    <line key={at} x1={at} x2={at} y1={y(from)} y2={y(to)} strokeWidth={1.2} opacity={0.55} />
                  ),
                )}
                {own.flatMap((group) =>
                  group.rows.map((row) => {
                    const height = metricOf(row, metric);
                    return height === null ? null : (
                      <circle
                        key={row.name}
                        cx={x(group.values[0] ?? null) + aside(index)}
                        cy={y(height)}
                        r={3}
                      >
                        <title>{`${row.name}: ${formatCompact(height)}`}</title>
                      </circle>
                    );
                  }),
                )}
              </g>
            );
          })}
        </svg>
      )}
      <figcaption className="small muted">
        {`${METRIC_NAMES[metric]} against ${first.field}${SCALE_WORDS[scale]}. Bars: 95 % over prompts for one seed, else from the lowest to the highest seed.`}
      </figcaption>
    </figure>
  );
}

/** With some air, and never empty. */
function rangeOf(values: readonly number[]): readonly [low: number, high: number] {
  if (values.length === 0) return [0, 1];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const air = (most - least) * 0.08 || Math.abs(most) * 0.1 || 0.5;
  return [least - air, most + air];
}

/** Those values whose labels do not run into each other. */
function labelled<T extends { readonly at: number }>(marks: readonly T[]): T[] {
  const kept: T[] = [];
  for (const mark of marks.toSorted((a, b) => a.at - b.at)) {
    const last = kept.at(-1);
    if (last === undefined || mark.at - last.at >= 52) kept.push(mark);
  }
  return kept;
}
