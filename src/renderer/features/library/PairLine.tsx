import { memo, type ReactNode } from 'react';
import type { PairRow } from '#shared/entities.ts';
import { MarkedTurns } from '../../components/prose/MarkedTurns.tsx';
import type { Column } from './columns.tsx';
import css from './library.module.css';

interface Props {
  readonly position: number;
  readonly top: number;
  readonly row: PairRow | undefined;
  readonly columns: readonly Column[];
  /** The keys act on it. */
  readonly current: boolean;
  readonly selected: boolean;
  readonly chosen: boolean;
  readonly blind: boolean;
}

/** One line of the table; grey bars until its page is there. Mouse and keyboard are the table's. */
export const PairLine = memo(function PairLine(props: Props) {
  const { position, top, row, columns, current, selected, chosen, blind } = props;
  return (
    <tr
      id={`pair-${position}`}
      data-position={position}
      data-current={current || undefined}
      className={css.line}
      aria-rowindex={position + 2}
      aria-selected={selected}
      style={{ transform: `translateY(${top}px)` }}
    >
      <td className={css.tick} data-tick>
        <span data-on={chosen || undefined} />
      </td>
      {columns.map((column, index) =>
        row === undefined ? (
          <td key={column.id} aria-busy="true">
            {index < 3 && <span className={css.shimmer} />}
          </td>
        ) : (
          <td
            key={column.id}
            className={`${column.muted ? 'muted' : ''} ${column.end ? `num ${css.end}` : ''}`}
            dir="auto"
          >
            {marked(column.cell(row, blind))}
          </td>
        ),
      )}
    </tr>
  );
});

const marked = (cell: ReactNode): ReactNode =>
  typeof cell === 'string' ? <MarkedTurns text={cell} /> : cell;
