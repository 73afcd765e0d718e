import { NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQueries } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import type { PromptPage, PromptSort, PromptsAsk } from '#shared/promptRows.ts';
import { api } from '../../api/client.ts';
import { CodeSwatch } from '../../components/Code.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { ScrollRegion } from '../../components/ScrollRegion.tsx';
import { formatFigure, plural } from '../../format.ts';
import css from './codes.module.css';
import { SelectedPairs } from './SelectedPairs.tsx';
import { selectionReason } from './selectionReason.ts';
import type { CodesOf } from './useHeatMap.ts';

interface Props {
  readonly of: CodesOf;
  readonly sources: readonly string[];
  readonly codes: readonly number[];
  readonly runName: string;
  readonly onPrompt: (promptId: number) => void;
}

const ROW_PIXELS = 34;
const PAGE_ROWS = 100;
const SETTLE_MS = 250;
const ALL = '';
const COLUMNS: readonly { readonly sort: PromptSort; readonly label: string; readonly title: string }[] = [
  { sort: 'added', label: 'Prompt', title: 'In the order in which prompts came' },
  { sort: 'source', label: 'Source', title: 'By the name of the source' },
  { sort: 'code', label: 'Code', title: 'By the number of the strongest code' },
  { sort: 'weight', label: 'Weight', title: 'By the weight of the strongest code' },
  {
    sort: 'mixed',
    label: 'Mixed',
    title: 'By how many codes share the weight: exp of the entropy of p(z|x)',
  },
];

/** Prompts with their three strongest codes, ordered, searched and filtered where they are read. */
export function PromptTable({ of, sources, codes, runName, onPrompt }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [order, setOrder] = useState<Pick<PromptsAsk, 'sort' | 'descending'>>({
    sort: 'added',
    descending: false,
  });
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), SETTLE_MS);
  const [code, setCode] = useState<number | null>(null);
  const [source, setSource] = useState<string | null>(null);
  const [total, setTotal] = useState(0);
  const selection = { listed: { search, code, source } };
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PIXELS,
    overscan: 8,
  });
  const seen = rows.getVirtualItems();
  const first = Math.floor((seen[0]?.index ?? 0) / PAGE_ROWS);
  const last = Math.floor((seen.at(-1)?.index ?? 0) / PAGE_ROWS);
  const pages = useQueries({
    queries: Array.from({ length: last - first + 1 }, (_, at) => ({
      ...api.codes.prompts.queryOptions({
        input: {
          ...of,
          ask: { ...order, search, code, source, offset: (first + at) * PAGE_ROWS, limit: PAGE_ROWS },
        },
      }),
      placeholderData: keepPreviousData,
    })),
  });
  const known = pages.find(({ data, isPlaceholderData }) => data && !isPlaceholderData)?.data?.total;
  if (known !== undefined && known !== total) setTotal(known);
  const error = pages.find((page) => page.error)?.error ?? null;
  const rowAt = (index: number): PromptPage['rows'][number] | undefined =>
    pages[Math.floor(index / PAGE_ROWS) - first]?.data?.rows[index % PAGE_ROWS];
  const sortBy = (sort: PromptSort): void => {
    setOrder(order.sort === sort ? { sort, descending: !order.descending } : { sort, descending: false });
    rows.scrollToIndex(0);
  };
  return (
    <>
      <div className={css.head}>
        <TextInput
          size="xs"
          type="search"
          aria-label="Search the prompts"
          placeholder="Search"
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <NativeSelect
          size="xs"
          aria-label="Strongest code"
          value={code === null ? ALL : String(code)}
          data={[
            { value: ALL, label: 'any code' },
            ...codes.map((one) => ({ value: String(one), label: `code ${one}` })),
          ]}
          onChange={({ currentTarget: { value } }) => setCode(value === ALL ? null : Number(value))}
        />
        {sources.length > 1 && (
          <NativeSelect
            size="xs"
            aria-label="Source"
            value={source ?? ALL}
            data={[{ value: ALL, label: 'any source' }, ...sources]}
            onChange={({ currentTarget: { value } }) => setSource(value === ALL ? null : value)}
          />
        )}
        <span className="small muted num" role="status">
          {known === undefined ? 'Reading…' : plural(known, 'prompt')}
        </span>
      </div>
      {(search !== '' || code !== null || source !== null) && (
        <div className={css.head}>
          <SelectedPairs
            of={of}
            selection={selection}
            reason={selectionReason(selection, runName, of.step)}
          />
        </div>
      )}
      <ErrorCard error={error} />
      <ScrollRegion ref={scroller} className={css.table} label="Prompts with their strongest codes">
        <table className={css.promptTable} aria-rowcount={total + 1}>
          <thead>
            <tr aria-rowindex={1}>
              {COLUMNS.map(({ sort, label, title }) => (
                <th
                  key={sort}
                  scope="col"
                  aria-sort={order.sort === sort ? (order.descending ? 'descending' : 'ascending') : 'none'}
                >
                  <button type="button" className={css.codeLink} title={title} onClick={() => sortBy(sort)}>
                    {label}{' '}
                    {order.sort === sort && <span aria-hidden="true">{order.descending ? '↓' : '↑'}</span>}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Space height={seen[0]?.start ?? 0} />
            {seen.map(({ index }) => (
              <tr key={index} aria-rowindex={index + 2}>
                <PromptCells row={rowAt(index)} onPrompt={onPrompt} />
              </tr>
            ))}
            <Space height={rows.getTotalSize() - (seen.at(-1)?.end ?? 0)} />
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
}

/** In the place of rows that are out of sight. */
const Space = ({ height }: { readonly height: number }) =>
  height > 0 ? (
    <tr>
      <td colSpan={COLUMNS.length} style={{ height, padding: 0, border: 0 }} />
    </tr>
  ) : null;

interface CellsProps {
  readonly row: PromptPage['rows'][number] | undefined;
  readonly onPrompt: (promptId: number) => void;
}

function PromptCells({ row, onPrompt }: CellsProps) {
  if (!row) return <td colSpan={COLUMNS.length}>…</td>;
  const [strongest, ...others] = row.codes;
  return (
    <>
      <td>
        <button
          type="button"
          className={css.codeLink}
          title={row.text}
          onClick={() => onPrompt(row.promptId)}
        >
          {row.text}
        </button>
      </td>
      <td className="muted" title={row.source}>
        {row.source}
      </td>
      <td>
        {strongest && <CodeSwatch code={strongest.code} />}{' '}
        <span className="muted num">
          {others.map((one) => `${one.code}: ${one.weight.toFixed(2)}`).join(', ')}
        </span>
      </td>
      <td className="num">{formatFigure(strongest?.weight, 2)}</td>
      <td className="num">{formatFigure(row.mixed, 1)}</td>
    </>
  );
}
