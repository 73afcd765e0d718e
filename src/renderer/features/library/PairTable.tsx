import { Box } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useRef } from 'react';
import type { PairFilter, PairRow } from '#shared/entities.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { useScreenKeys } from '../../components/useScreenKeys.ts';
import css from './library.module.css';
import { setLibraryView, useLibraryView } from './libraryView.ts';
import { PairLine } from './PairLine.tsx';
import { movedRow } from './pages.ts';
import { useRows } from './useRows.ts';

const ROW_PX = 34;
const HEAD_PX = 33;
const NARROW_PX = 900;

interface Props {
  readonly filter: PairFilter;
  readonly total: number;
  readonly gridRef: RefObject<HTMLTableElement | null>;
  /** Replies stand in stored order, before and after a verdict. */
  readonly blind: boolean;
  readonly onOpen: (row: PairRow) => void;
  readonly onAnnotate: (row: PairRow) => void;
}

const columnsOf = (blind: boolean): readonly string[] => [
  'Prompt',
  ...(blind ? ['Reply A', 'Reply B'] : ['Chosen', 'Rejected']),
  'Source',
  'Verdict',
  'Code',
  'Margin',
  'By',
];
const extra = (column: string) => ['Code', 'Margin', 'By'].includes(column) || undefined;

/** Every pair of the filter; only the rows in sight are drawn and fetched. Arrows move, Enter opens, A annotates. */
export function PairTable({ filter, total, gridRef, blind, onOpen, onAnnotate }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>();
  const setScroller = useMergedRef(scroller, sizeRef);
  const selected = useLibraryView((view) => view.selected);
  const openId = useLibraryView((view) => view.open?.id ?? null);
  const start = useRef(useLibraryView.getState().scrollTop);
  const focusGrid = () => gridRef.current?.focus();
  useScreenKeys({ arrowdown: focusGrid, arrowup: focusGrid });
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollPaddingStart: HEAD_PX,
    scrollMargin: 0,
    initialOffset: start.current,
  });
  const lines = virtual.getVirtualItems();
  const { rowAt, error } = useRows(filter, lines[0]?.index ?? 0, lines.at(-1)?.index ?? 0, total, selected);
  useListTop(scroller, filter);
  const atSelected = selected === null ? undefined : rowAt(selected);
  useEffect(() => {
    // Each time it is read anew, as after a verdict.
    if (atSelected !== undefined && atSelected.id === openId) onOpen(atSelected);
  }, [atSelected, openId, onOpen]);
  const whenRead = useWhenRead(selected, atSelected);

  const press = (event: React.KeyboardEvent) => {
    const screenRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_PX) - 2);
    const target = movedRow(event.key, selected, total, screenRows);
    if (target !== null) {
      setLibraryView({ selected: target });
      virtual.scrollToIndex(target);
      const next = rowAt(target);
      if (openId !== null && next !== undefined) onOpen(next);
    } else if (event.key === 'Enter' && selected !== null) whenRead(onOpen);
    else if (event.key === 'a' && selected !== null) whenRead(onAnnotate);
    else return;
    event.preventDefault();
  };

  const click = (event: React.MouseEvent) => {
    const line = event.target instanceof Element ? event.target.closest('tr[data-position]') : null;
    const position = Number(line?.getAttribute('data-position') ?? Number.NaN);
    const row = rowAt(position);
    if (row === undefined) return;
    setLibraryView({ selected: position });
    onOpen(row);
  };

  if (error !== undefined) return <ErrorCard error={error} />;
  return (
    <div
      ref={setScroller}
      className={css.table}
      data-narrow={(width > 0 && width < NARROW_PX) || undefined}
      onScroll={(event) => setLibraryView({ scrollTop: event.currentTarget.scrollTop })}
    >
      <Box
        component="table"
        ref={gridRef}
        className={css.grid}
        role="grid"
        aria-label="Pairs"
        aria-rowcount={total + 1}
        aria-activedescendant={selected === null ? undefined : `pair-${selected}`}
        tabIndex={0}
        onKeyDown={press}
        onClick={click}
        onFocus={() => selected === null && setLibraryView({ selected: 0 })}
      >
        <thead className={css.headGroup}>
          <tr className={css.head} aria-rowindex={1}>
            {columnsOf(blind).map((column) => (
              <th
                key={column}
                scope="col"
                className={`label ${column === 'Margin' ? css.end : ''}`}
                data-extra={extra(column)}
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className={css.lines} style={{ height: virtual.getTotalSize() }}>
          {lines.map(({ index, start }) => (
            <PairLine
              key={index}
              position={index}
              top={start}
              row={rowAt(index)}
              selected={selected === index}
              blind={blind}
            />
          ))}
        </tbody>
      </Box>
    </div>
  );
}

/** Another filter is read from its top; the one that was left stands where it stood. */
function useListTop(scroller: RefObject<HTMLDivElement | null>, filter: PairFilter): void {
  const key = JSON.stringify(filter);
  const shown = useRef(key);
  useEffect(() => {
    if (shown.current === key) return;
    shown.current = key;
    scroller.current?.scrollTo({ top: 0 });
  }, [key, scroller]);
}

type Act = (row: PairRow) => void;

/** Does to the selected row what a key asks for; with one that is still on its way, when it comes. */
function useWhenRead(selected: number | null, row: PairRow | undefined): (act: Act) => void {
  const wanted = useRef<{ readonly at: number | null; readonly act: Act } | null>(null);
  useEffect(() => {
    if (row === undefined) return;
    if (wanted.current?.at === selected) wanted.current.act(row);
    wanted.current = null;
  }, [selected, row]);
  return (act) => {
    if (row === undefined) wanted.current = { at: selected, act };
    else act(row);
  };
}
