import { Box } from '@mantine/core';
import { useElementSize, useMergedRef } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useMemo, useRef } from 'react';
import type { PairFilter, PairRow } from '#shared/entities.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { useScreenKeys } from '../../components/useScreenKeys.ts';
import { countChosen, EVERYTHING, isChosen, NOTHING, toggled } from './choice.ts';
import { columnsOf, fieldsOf, needMeasures, USUAL } from './columns.tsx';
import { ListProgress } from './ListProgress.tsx';
import css from './library.module.css';
import { choose, setLibraryView, useLibraryView } from './libraryView.ts';
import { PairLine } from './PairLine.tsx';
import { movedRow } from './pages.ts';
import { TableHead } from './TableHead.tsx';
import { useListBefore } from './useListBefore.ts';
import { useRows } from './useRows.ts';
import { useStretch } from './useStretch.ts';

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

/**
 * Every pair of the filter; only the rows in sight are drawn and fetched. Arrows move, Enter opens, A annotates, Space
 * chooses, Shift with a moving key chooses a stretch.
 */
export function PairTable({ filter, total, gridRef, blind, onOpen, onAnnotate }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: sizeRef, width, height } = useElementSize<HTMLDivElement>();
  const setScroller = useMergedRef(scroller, sizeRef);
  const { selected, choice, sort, columns: chosenColumns } = useLibraryView();
  const openId = useLibraryView((view) => view.open?.id ?? null);
  const isNarrow = width > 0 && width < NARROW_PX;
  const columns = useMemo(() => {
    const columns = columnsOf(chosenColumns ?? USUAL, blind);
    return isNarrow && chosenColumns === null ? columns.filter(({ extra }) => !extra) : columns;
  }, [chosenColumns, blind, isNarrow]);
  const fields = useMemo(() => fieldsOf(chosenColumns ?? USUAL), [chosenColumns]);
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
  // A list that has no height yet takes no place; so once more when it has.
  useEffect(() => virtual.scrollToOffset(start.current), [virtual]);
  useKeptInSight(scroller, height, selected, virtual.scrollToIndex);
  const lines = virtual.getVirtualItems();
  const list = { filter, sort, fields, measures: needMeasures(chosenColumns ?? USUAL) };
  const { rowAt, error } = useRows(list, lines[0]?.index ?? 0, lines.at(-1)?.index ?? 0, total, selected);
  const isShown = total === 0 || rowAt(lines[0]?.index ?? 0) !== undefined;
  const back = useListBefore(filter, sort, isShown);
  const listKey = JSON.stringify([filter, sort]);
  useListTop(scroller, listKey);
  const atSelected = selected === null ? undefined : rowAt(selected);
  useEffect(() => {
    // Each time it is read anew, as after a verdict.
    if (atSelected !== undefined && atSelected.id === openId) onOpen(atSelected);
  }, [atSelected, openId, onOpen]);
  useEffect(() => setLibraryView({ current: atSelected?.id ?? null }), [atSelected]);
  const whenRead = useWhenRead(selected, atSelected);
  const stretch = useStretch(list);
  const toggle = (row: PairRow) => choose(toggled(useLibraryView.getState().choice, row.id));

  const press = (event: React.KeyboardEvent) => {
    const screenRows = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_PX) - 2);
    const target = movedRow(event.key, selected, total, screenRows);
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a') choose(EVERYTHING);
    else if (event.ctrlKey || event.altKey || event.metaKey) return;
    else if (target !== null) {
      if (event.shiftKey) stretch.to(selected ?? target, target);
      else stretch.end();
      setLibraryView({ selected: target });
      virtual.scrollToIndex(target);
      const next = rowAt(target);
      if (openId !== null && next !== undefined) onOpen(next);
    } else if (event.key === ' ' && selected !== null) whenRead(toggle);
    else if (event.key === 'Enter' && selected !== null) whenRead(onOpen);
    else if (event.key === 'a' && selected !== null) whenRead(onAnnotate);
    else return;
    event.preventDefault();
  };

  const click = (event: React.MouseEvent) => {
    const at = event.target instanceof Element ? event.target : null;
    const position = Number(at?.closest('tr[data-position]')?.getAttribute('data-position') ?? Number.NaN);
    const row = rowAt(position);
    if (row === undefined) return;
    const onTick = at?.closest('[data-tick]') !== null;
    if (event.shiftKey) stretch.to(selected ?? position, position);
    else stretch.end();
    setLibraryView({ selected: position });
    if (event.shiftKey) return;
    if (onTick || event.ctrlKey || event.metaKey) toggle(row);
    else onOpen(row);
  };

  if (error !== undefined) return <ErrorCard error={error} />;
  const chosen = countChosen(choice, total);
  const look = {
    '--columns': `2.25rem ${columns.map((column) => column.width).join(' ')}`,
    '--table-width': `${TICK_REM + columns.reduce((sum, column) => sum + leastRem(column.width), 0)}rem`,
  } as React.CSSProperties;
  return (
    <>
      {!isShown && <ListProgress key={listKey} filter={filter} sort={sort} blind={blind} onCancel={back} />}
      <div
        ref={setScroller}
        className={css.table}
        style={look}
        onScroll={(event) => setLibraryView({ scrollTop: event.currentTarget.scrollTop })}
      >
        <Box
          component="table"
          ref={gridRef}
          className={css.grid}
          role="grid"
          aria-label="Pairs"
          aria-multiselectable
          aria-rowcount={total + 1}
          aria-activedescendant={selected === null ? undefined : `pair-${selected}`}
          tabIndex={0}
          onKeyDown={press}
          onClick={click}
          // A stretch of rows is chosen, not of text.
          onMouseDown={(event) => event.shiftKey && event.preventDefault()}
          onFocus={() => selected === null && setLibraryView({ selected: 0 })}
        >
          <TableHead
            columns={columns}
            sort={sort}
            allChosen={chosen > 0 && chosen === total}
            onChooseAll={() => choose(chosen === total ? NOTHING : EVERYTHING)}
          />
          <tbody className={css.lines} style={{ height: virtual.getTotalSize() }}>
            {lines.map(({ index, start }) => {
              const row = rowAt(index);
              const isIn = row !== undefined && isChosen(choice, row.id);
              return (
                <PairLine
                  key={index}
                  position={index}
                  top={start}
                  row={row}
                  columns={columns}
                  current={selected === index}
                  selected={chosen > 0 ? isIn : selected === index}
                  chosen={isIn}
                  blind={blind}
                />
              );
            })}
          </tbody>
        </Box>
      </div>
    </>
  );
}

const TICK_REM = 2.25;
/** The least width of a column of the grid. */
const leastRem = (width: string): number => Number(/[\d.]+/.exec(width)?.[0] ?? 8);

/** Another filter is read from its top; the one that was left stands where it stood. */
function useListTop(scroller: RefObject<HTMLDivElement | null>, key: string): void {
  const shown = useRef(key);
  useEffect(() => {
    if (shown.current === key) return;
    shown.current = key;
    scroller.current?.scrollTo({ top: 0 });
  }, [key, scroller]);
}

/** Where the table loses height, as when the bar of chosen pairs comes, the row that the keys act on stays in sight. */
function useKeptInSight(
  scroller: RefObject<HTMLDivElement | null>,
  height: number,
  selected: number | null,
  scrollTo: (row: number) => void,
): void {
  const before = useRef(height);
  const latest = useRef({ selected, scrollTo });
  latest.current = { selected, scrollTo };
  useEffect(() => {
    const [was, { selected, scrollTo }] = [before.current, latest.current];
    before.current = height;
    if (selected === null || height >= was || scroller.current === null) return;
    const top = selected * ROW_PX - scroller.current.scrollTop;
    if (top >= 0 && top < was - HEAD_PX) scrollTo(selected);
  }, [height, scroller]);
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
