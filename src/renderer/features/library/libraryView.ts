/** What is searched for and where the table stands, kept while other screens are open; another project begins anew. */
import { create } from 'zustand';
import type { PairFilter, PairRow } from '#shared/entities.ts';

interface LibraryView {
  /** Whose view it is. */
  readonly project: string | null;
  readonly text: string;
  /** The text that the table shows: `text` as it was when typing rested or the field was left. */
  readonly searched: string;
  readonly sourceId: number | null;
  readonly status: PairFilter['status'];
  readonly scrollTop: number;
  /** Position of the line that the keys act on. */
  readonly selected: number | null;
  /** The pair that is shown whole, as it was last read: it stays when its line is out of sight or out of the filter. */
  readonly open: PairRow | null;
}

const fresh: LibraryView = {
  project: null,
  text: '',
  searched: '',
  sourceId: null,
  status: 'all',
  scrollTop: 0,
  selected: null,
  open: null,
};

export const useLibraryView = create<LibraryView>(() => fresh);

export const setLibraryView = (changes: Partial<LibraryView>): void => useLibraryView.setState(changes);

export const showPair = (open: PairRow | null): void => setLibraryView({ open });

/** Begins anew for another project. */
export function viewProject(path: string): void {
  if (useLibraryView.getState().project !== path) useLibraryView.setState({ ...fresh, project: path }, true);
}

const DEBOUNCE_MS = 200;
let typing: ReturnType<typeof setTimeout> | undefined;

/** Another filter is another list: it is read from its top. Typed text counts at once. */
export function setFilter(changes: Partial<Pick<LibraryView, 'text' | 'sourceId' | 'status'>>): void {
  clearTimeout(typing);
  const text = changes.text ?? useLibraryView.getState().text;
  setLibraryView({ ...changes, text, searched: text, scrollTop: 0, selected: null });
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

export const clearFilter = (): void => setFilter({ text: '', sourceId: null, status: 'all' });
