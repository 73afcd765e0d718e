import { IconCheck } from '@tabler/icons-react';
import { memo } from 'react';
import type { PairRow } from '#shared/entities.ts';
import { Chip } from '../../components/Chip.tsx';
import { CodeSwatch } from '../../components/Code.tsx';
import { formatFigure } from '../../format.ts';
import css from './library.module.css';
import { shownReplies, verdictBy, verdictLook } from './pairLook.ts';

interface Props {
  readonly position: number;
  readonly top: number;
  readonly row: PairRow | undefined;
  readonly selected: boolean;
  readonly blind: boolean;
}

/** One line of the table; grey bars until its page is there. Mouse and keyboard are the table's. */
export const PairLine = memo(function PairLine({ position, top, row, selected, blind }: Props) {
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
        ['prompt', 'first', 'second'].map((cell) => (
          <td key={cell} aria-busy="true">
            <span className={css.shimmer} />
          </td>
        ))
      ) : (
        <Cells row={row} blind={blind} />
      )}
    </tr>
  );
});

function Cells({ row, blind }: { readonly row: PairRow; readonly blind: boolean }) {
  const replies = shownReplies(row, blind);
  const verdict = verdictLook(row);
  return (
    <>
      <Cell>{row.prompt}</Cell>
      {replies.map(({ key, name, chosen }) => (
        <Cell key={key} className="muted" title={name} chosen={blind && chosen}>
          {row[key]}
        </Cell>
      ))}
      <Cell>{row.source}</Cell>
      <Cell>
        {verdict === null ? <None hidden={row.hidden} /> : <Chip tone={verdict.tone}>{verdict.label}</Chip>}
      </Cell>
      <Cell extra>{row.code === null ? <None hidden={row.hidden} /> : <CodeSwatch code={row.code} />}</Cell>
      <Cell extra className={`num ${css.end}`}>
        {row.margin === null ? <None hidden={row.hidden} /> : formatFigure(row.margin, 2)}
      </Cell>
      <Cell extra className="muted">
        {verdictBy(row)}
      </Cell>
    </>
  );
}

/** Nothing is there, or nothing may be seen yet. */
function None({ hidden }: { readonly hidden: boolean }) {
  return (
    <span className="faint" title={hidden ? 'Hidden until you have decided this pair' : undefined}>
      {hidden ? '·' : '—'}
    </span>
  );
}

interface CellProps {
  readonly children: React.ReactNode;
  readonly className?: string;
  readonly title?: string | undefined;
  readonly extra?: boolean;
  /** The preferred reply, where the order does not say so. */
  readonly chosen?: boolean;
}

function Cell({ children, className, title, extra, chosen = false }: CellProps) {
  return (
    <td className={className} title={title} data-extra={extra} dir="auto">
      {chosen && <IconCheck className={css.chosen} size={13} aria-label="Chosen:" />}
      {children}
    </td>
  );
}
