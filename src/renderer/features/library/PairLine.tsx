import { memo } from 'react';
import type { PairRow } from '#shared/entities.ts';
import { Chip } from '../../components/Chip.tsx';
import { CodeSwatch } from '../../components/Code.tsx';
import { formatFigure } from '../../format.ts';
import css from './library.module.css';
import { orderedReplies, verdictLook } from './pairLook.ts';

interface Props {
  readonly position: number;
  readonly top: number;
  readonly row: PairRow | undefined;
  readonly selected: boolean;
}

/** One line of the table; grey bars until its page is there. Mouse and keyboard are the table's. */
export const PairLine = memo(function PairLine({ position, top, row, selected }: Props) {
  return (
    <tr
      id={`pair-${position}`}
      data-position={position}
      className={css.line}
      aria-rowindex={position + 2}
      aria-selected={selected}
      style={{ transform: `translateY(${top}px)` }}
    >
      {row === undefined ? (
        ['prompt', 'chosen', 'rejected'].map((cell) => (
          <td key={cell} aria-busy="true">
            <span className={css.shimmer} />
          </td>
        ))
      ) : (
        <Cells row={row} />
      )}
    </tr>
  );
});

function Cells({ row }: { readonly row: PairRow }) {
  const { chosen, rejected, preference } = orderedReplies(row);
  const verdict = verdictLook(row);
  const hint = preference ? undefined : 'No preference stands: replies in the order of the file';
  return (
    <>
      <Cell>{row.prompt}</Cell>
      <Cell className="muted" title={hint}>
        {chosen}
      </Cell>
      <Cell className="muted" title={hint}>
        {rejected}
      </Cell>
      <Cell>{row.source}</Cell>
      <Cell>
        {verdict === null ? (
          <span className="faint">—</span>
        ) : (
          <Chip tone={verdict.tone}>{verdict.label}</Chip>
        )}
      </Cell>
      <Cell extra>
        {row.code === null ? <span className="faint">—</span> : <CodeSwatch code={row.code} />}
      </Cell>
      <Cell extra className={`num ${css.end}`}>
        {row.margin === null ? <span className="faint">—</span> : formatFigure(row.margin, 2)}
      </Cell>
      <Cell extra className="muted">
        {row.by ?? (row.imported === null ? '' : 'file')}
      </Cell>
    </>
  );
}

interface CellProps {
  readonly children: React.ReactNode;
  readonly className?: string;
  readonly title?: string | undefined;
  readonly extra?: boolean;
}

function Cell({ children, className, title, extra }: CellProps) {
  return (
    <td className={className} title={title} data-extra={extra}>
      {children}
    </td>
  );
}
