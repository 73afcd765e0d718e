/** Columns that were chosen, by project, kept in this browser or window. */
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { SortColumn } from '#shared/library.ts';

const useKept = create<{ readonly byProject: Readonly<Record<string, readonly SortColumn[]>> }>()(
  persist(() => ({ byProject: {} }), { name: 'facet-library-columns' }),
);

export const keptColumns = (project: string): readonly SortColumn[] | null =>
  useKept.getState().byProject[project] ?? null;

export function keepColumns(project: string, columns: readonly SortColumn[] | null): void {
  const { [project]: _, ...others } = useKept.getState().byProject;
  useKept.setState({ byProject: columns === null ? others : { ...others, [project]: columns } });
}
