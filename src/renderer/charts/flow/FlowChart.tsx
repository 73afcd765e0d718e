import { useMemo, useRef } from 'react';
import { formatShare } from '../../format.ts';
import { codeColour } from '../../theme/codeColour.ts';
import { useColourScheme } from '../../theme/useColourScheme.ts';
import { useSize } from '../useSize.ts';
import css from './FlowChart.module.css';
import { type FlowChanges, type FlowColumn, layoutFlow } from './layout.ts';

interface Props {
  readonly columns: readonly FlowColumn[];
  readonly changes: readonly FlowChanges[];
  /** Beneath each column. */
  readonly titles: readonly string[];
  readonly label: string;
  /** Code of each column that stands out; null where it has none. */
  readonly chosen: readonly (number | null)[] | null;
  readonly onCode: (code: number, column: number) => void;
}

const PADDING = 12;
const FOOT = 22;
const TITLE_LEAST = 76;
const STANDS_OUT = { bar: 1, ribbon: 0.55 } as const;
const USUAL = { bar: 0.95, ribbon: 0.3 } as const;
const BEHIND = { bar: 0.3, ribbon: 0.08 } as const;

/** Shares of codes as bars, column by column, with ribbons between those that are the same. */
export function FlowChart({ columns, changes, titles, label, chosen, onCode }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(frame);
  const scheme = useColourScheme();
  const { bars, ribbons, middles } = useMemo(
    () =>
      layoutFlow(columns, changes, {
        width: Math.max(0, width - 2 * PADDING),
        height: Math.max(0, height - PADDING - FOOT),
      }),
    [columns, changes, width, height],
  );
  const every = Math.max(1, Math.ceil((TITLE_LEAST * columns.length) / Math.max(1, width)));
  const looks = (isChosen: boolean) => (chosen === null ? USUAL : isChosen ? STANDS_OUT : BEHIND);
  return (
    <div ref={frame} className={css.frame}>
      <svg className={css.chart} role="img" aria-label={label}>
        <g transform={`translate(${PADDING} ${PADDING})`}>
          {ribbons.map(({ column, from, to, kind, path }) => (
            <path
              key={`${column} ${from} ${to} ${kind}`}
              d={path}
              fill={codeColour(kind === 'joined' ? from : to, scheme)}
              opacity={looks(chosen?.[column] === from && chosen[column + 1] === to).ribbon}
            />
          ))}
          {bars.map(({ column, code, share, ...place }) => (
            // biome-ignore lint/a11y/noStaticElementInteractions: the table beneath holds the same for the keyboard.
            <rect
              key={`${column} ${code}`}
              {...place}
              className={css.bar}
              fill={codeColour(code, scheme)}
              opacity={looks(chosen?.[column] === code).bar}
              onClick={() => onCode(code, column)}
            >
              <title>{`${titles[column]}: code ${code}, ${formatShare(share)} of all mass`}</title>
            </rect>
          ))}
        </g>
        {middles.map((middle, column) =>
          column % every === 0 || columns.length <= 2 ? (
            <text key={titles[column]} className={css.step} x={PADDING + middle} y={height - 6}>
              {titles[column]}
            </text>
          ) : null,
        )}
      </svg>
    </div>
  );
}
