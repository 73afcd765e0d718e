/** The table's columns: their names, widths and cells. */
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { languageName } from '#core/languageName.ts';
import type { PairRow } from '#shared/entities.ts';
import type { SortColumn } from '#shared/library.ts';
import { Chip } from '../../components/Chip.tsx';
import { CodeSwatch } from '../../components/Code.tsx';
import { MarkedTurns } from '../../components/prose/MarkedTurns.tsx';
import { formatCount, formatFigure, formatMoment } from '../../format.ts';
import css from './library.module.css';
import { shownReplies, verdictBy, verdictLook } from './pairLook.ts';

export interface Column {
  readonly id: SortColumn;
  readonly label: string;
  /** Of the grid. */
  readonly width: string;
  /** Left out where the usual columns have no room. */
  readonly extra?: boolean;
  readonly end?: boolean;
  readonly muted?: boolean;
  readonly cell: (row: PairRow, blind: boolean) => ReactNode;
}

export const USUAL: readonly SortColumn[] = ['prompt', 'a', 'b', 'source', 'verdict', 'code', 'margin', 'by'];

/** Nothing is there, or nothing may be seen yet. */
function None({ hidden }: { readonly hidden: boolean }) {
  return (
    <span className="faint" title={hidden ? 'Hidden until you have decided this pair' : undefined}>
      {hidden ? '·' : '—'}
    </span>
  );
}
const orNone = (row: PairRow, value: ReactNode): ReactNode =>
  value === null || value === '' ? <None hidden={row.hidden} /> : value;

/** In a project that isn't blind the chosen reply comes first; where none is, each is named, whatever the column is called. */
function reply(row: PairRow, blind: boolean, place: 0 | 1): ReactNode {
  const { key, name, chosen, settled } = shownReplies(row, blind)[place];
  return (
    <span title={name}>
      {blind && chosen && <IconCheck className={css.chosen} size={13} aria-label="Chosen:" />}
      {!blind && !settled && <span className="faint">{key.toUpperCase()} </span>}
      <MarkedTurns text={row[key]} />
    </span>
  );
}

function verdict(row: PairRow): ReactNode {
  const look = verdictLook(row);
  return look && <Chip tone={look.tone}>{look.label}</Chip>;
}

function marks({ first, excluded, deleted, tags }: PairRow): ReactNode {
  const own = [deleted && 'deleted', excluded && 'excluded', first && 'sent first'].filter(
    (mark) => mark !== false,
  );
  if (own.length + tags.length === 0) return <span className="faint">—</span>;
  return (
    <span className={css.tags}>
      {own.map((mark) => (
        <Chip key={mark} tone="warn">
          {mark}
        </Chip>
      ))}
      {tags.map((tag) => (
        <Chip key={tag}>{tag}</Chip>
      ))}
    </span>
  );
}

const fixed: readonly Column[] = [
  { id: 'added', label: 'No.', width: '5rem', end: true, cell: ({ id }) => id },
  { id: 'prompt', label: 'Prompt', width: 'minmax(10rem, 1.3fr)', cell: ({ prompt }) => prompt },
  {
    id: 'a',
    label: 'Reply A',
    width: 'minmax(8rem, 1fr)',
    muted: true,
    cell: (row, blind) => reply(row, blind, 0),
  },
  {
    id: 'b',
    label: 'Reply B',
    width: 'minmax(8rem, 1fr)',
    muted: true,
    cell: (row, blind) => reply(row, blind, 1),
  },
  { id: 'source', label: 'Source', width: '9rem', cell: ({ source }) => source },
  { id: 'aspect', label: 'Aspect', width: '8rem', cell: (row) => orNone(row, row.aspect) },
  { id: 'verdict', label: 'Verdict', width: '8.5rem', cell: (row) => orNone(row, verdict(row)) },
  {
    id: 'code',
    label: 'Code',
    width: '4.5rem',
    extra: true,
    cell: (row) => orNone(row, row.code === null ? null : <CodeSwatch code={row.code} />),
  },
  {
    id: 'margin',
    label: 'Margin',
    width: '5.5rem',
    extra: true,
    end: true,
    cell: (row) => orNone(row, row.margin === null ? null : formatFigure(row.margin, 3)),
  },
  { id: 'by', label: 'By', width: '7rem', extra: true, muted: true, cell: (row) => verdictBy(row) },
  {
    id: 'decided',
    label: 'Decided',
    width: '11.5rem',
    muted: true,
    cell: (row) => orNone(row, row.decidedAt === null ? null : formatMoment(row.decidedAt)),
  },
  ...(
    [
      ['promptLength', 'Prompt length', 'prompt'],
      ['aLength', 'Length of A', 'a'],
      ['bLength', 'Length of B', 'b'],
    ] as const
  ).map(
    ([id, label, text]): Column => ({
      id,
      label,
      width: '8rem',
      end: true,
      cell: (row) => orNone(row, row.measures === null ? null : formatCount(row.measures[text])),
    }),
  ),
  {
    id: 'language',
    label: 'Language',
    width: '8rem',
    cell: (row) => orNone(row, row.measures?.language ? languageName(row.measures.language) : null),
  },
  { id: 'tags', label: 'Tags', width: '10rem', cell: marks },
];

/** Whether rows must bring lengths and languages for these columns. */
export const needMeasures = (ids: readonly SortColumn[]): boolean =>
  ids.some((id) => id === 'language' || id.endsWith('Length'));

/** As it is written in a cell and in the detail. */
export const fieldText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

const ofField = (field: string): Column => ({
  id: `metadata:${field}`,
  label: field,
  width: 'minmax(7rem, 0.5fr)',
  muted: true,
  cell: (row) => orNone(row, Object.hasOwn(row.fields, field) ? fieldText(row.fields[field]) : null),
});

const fieldOf = (id: SortColumn): string | null =>
  id.startsWith('metadata:') ? id.slice('metadata:'.length) : null;

/** The columns with these ids, as a project that is blind or not names them. */
export function columnsOf(ids: readonly SortColumn[], blind: boolean): readonly Column[] {
  return ids.flatMap((id) => {
    const field = fieldOf(id);
    if (field !== null) return [ofField(field)];
    const column = fixed.find((one) => one.id === id);
    if (column === undefined) return [];
    if (blind || (id !== 'a' && id !== 'b')) return [column];
    return [{ ...column, label: id === 'a' ? 'Chosen' : 'Rejected' }];
  });
}

/** Every column that can be chosen. */
export const allColumns = (fields: readonly string[], blind: boolean): readonly Column[] => [
  ...columnsOf(
    fixed.map(({ id }) => id),
    blind,
  ),
  ...fields.map(ofField),
];

/** Fields of the metadata that rows must bring for these columns. */
export const fieldsOf = (ids: readonly SortColumn[]): string[] =>
  ids.flatMap((id) => {
    const field = fieldOf(id);
    return field === null ? [] : [field];
  });
