/** What is searched for and where the table stands, kept while other screens are open; another project begins anew. */
import { create } from 'zustand';
import type { PairFilter, PairRow, TableView } from '#shared/entities.ts';
import type { Conditions, Sort, SortColumn } from '#shared/library.ts';
import { type Choice, NOTHING } from './choice.ts';
import { keepColumns, keptColumns } from './keptColumns.ts';
import { nextSort } from './sorting.ts';

interface LibraryView {
  /** Whose view it is. */
  readonly project: string | null;
  readonly text: string;
  /** The text that the table shows: `text` as it was when typing rested or the field was left. */
  readonly searched: string;
  readonly sourceId: number | null;
  readonly status: PairFilter['status'];
  readonly where: Conditions;
  readonly sort: Sort | null;
  /** Null for the usual columns. */
  readonly columns: readonly SortColumn[] | null;
  readonly scrollTop: number;
  /** Position of the line that the keys act on. */
  readonly selected: number | null;
  /** The pair on that line, where it was read. */
  readonly current: number | null;
  readonly choice: Choice;
  /** The pair that is shown whole, as it was last read: it stays when its line is out of sight or out of the filter. */
  readonly open: PairRow | null;
}
type Filter = Pick<LibraryView, 'text' | 'sourceId' | 'status' | 'where'>;

const fresh: LibraryView = {
  project: null,
  text: '',
  searched: '',
  sourceId: null,
  status: 'all',
  where: {},
  sort: null,
  columns: null,
  scrollTop: 0,
  selected: null,
  current: null,
  choice: NOTHING,
  open: null,
};

export const useLibraryView = create<LibraryView>(() => fresh);

export const setLibraryView = (changes: Partial<LibraryView>): void => useLibraryView.setState(changes);

export const showPair = (open: PairRow | null): void => setLibraryView({ open });
export const choose = (choice: Choice): void => setLibraryView({ choice });

/** Begins anew for another project. */
export function viewProject(path: string): void {
  if (useLibraryView.getState().project === path) return;
  useLibraryView.setState({ ...fresh, project: path, columns: keptColumns(path) }, true);
}

const DEBOUNCE_MS = 200;
let typing: ReturnType<typeof setTimeout> | undefined;

/** Another filter is another list: it is read from its top. Typed text counts at once. */
export function setFilter(changes: Partial<Filter>): void {
  clearTimeout(typing);
  const text = changes.text ?? useLibraryView.getState().text;
  setLibraryView({ ...changes, text, searched: text, scrollTop: 0, selected: null, choice: NOTHING });
}

/** Conditions that ask for nothing are none. */
export function setConditions(changes: Partial<Conditions>): void {
  const where = { ...useLibraryView.getState().where, ...changes };
  const asked = Object.entries(where).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  setFilter({ where: Object.fromEntries(asked) });
}

/** Keys that follow mean the list of what was typed, so leaving the field doesn't wait. */
export function settleText(): void {
  const { text, searched } = useLibraryView.getState();
  if (text !== searched) setFilter({ text });
}

export function typeText(text: string): void {
  clearTimeout(typing);
  setLibraryView({ text });
  typing = setTimeout(settleText, DEBOUNCE_MS);
}

export const clearFilter = (): void => setFilter({ text: '', sourceId: null, status: 'all', where: {} });

export const setSort = (sort: Sort | null): void => setLibraryView({ sort, scrollTop: 0, selected: null });
export const sortBy = (column: SortColumn): void => setSort(nextSort(useLibraryView.getState().sort, column));

export function setColumns(columns: readonly SortColumn[] | null): void {
  const { project } = useLibraryView.getState();
  if (project !== null) keepColumns(project, columns);
  setLibraryView({ columns });
}

export function currentView(): TableView {
  const { text, sourceId, status, where, sort, columns } = useLibraryView.getState();
  return { filter: { text, sourceId, status, where }, sort, columns: columns && [...columns] };
}
export function takeView({ filter: { where = {}, ...filter }, sort, columns }: TableView): void {
  setFilter({ ...filter, where });
  setSort(sort);
  setColumns(columns);
}
