import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { Sort } from '#shared/library.ts';
import type { Column } from './columns.tsx';
import css from './library.module.css';
import { sortBy } from './libraryView.ts';

const sorters = (root: ParentNode) => [...root.querySelectorAll<HTMLButtonElement>('[data-sorter]')];

/** The keys go on in the table's head: left and right move, Enter orders, down or Escape goes back to the rows. */
export function focusHead(grid: HTMLTableElement | null): void {
  if (grid === null) return;
  const sorted = grid.querySelector<HTMLButtonElement>('[aria-sort$="cending"] [data-sorter]');
  (sorted ?? sorters(grid)[0])?.focus();
}

/** What means one thing here and another in the rows; every other key is the screen's, as it is there. */
const OWN = /^(Arrow|Page|Home$|End$|Enter$|Escape$| $)/;

function press(event: React.KeyboardEvent<HTMLTableSectionElement>): void {
  if (!OWN.test(event.key)) return;
  event.stopPropagation();
  const all = sorters(event.currentTarget);
  const at = all.indexOf(event.target as HTMLButtonElement);
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step !== undefined) all[(at + step + all.length) % all.length]?.focus();
  else if (event.key === 'ArrowDown' || event.key === 'Escape') event.currentTarget.closest('table')?.focus();
  else return;
  event.preventDefault();
}

interface Props {
  readonly columns: readonly Column[];
  readonly sort: Sort | null;
  readonly allChosen: boolean;
  readonly onChooseAll: () => void;
}

/** A click orders by a column, another turns the order around, a third gives the order in which pairs came. */
export function TableHead({ columns, sort, allChosen, onChooseAll }: Props) {
  return (
    <thead className={css.headGroup} onKeyDown={press}>
      <tr className={css.head} aria-rowindex={1}>
        <td className={css.tick}>
          <button
            type="button"
            tabIndex={-1}
            aria-label="Choose all that match"
            aria-pressed={allChosen}
            title="Choose all that match (Ctrl+A)"
            onClick={onChooseAll}
          >
            <span data-on={allChosen || undefined} />
          </button>
        </td>
        {columns.map(({ id, label, end }) => {
          const sorted = sort?.column === id ? (sort.descending ? 'descending' : 'ascending') : 'none';
          const Arrow = sorted === 'descending' ? IconArrowDown : IconArrowUp;
          return (
            <th key={id} scope="col" aria-sort={sorted} className={end ? css.end : undefined}>
              <button
                type="button"
                tabIndex={-1}
                data-sorter
                className={`label ${css.sorter}`}
                title={`Order by ${label} (S)`}
                onClick={() => sortBy(id)}
              >
                {label}
                {sorted !== 'none' && <Arrow size={12} aria-hidden />}
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
