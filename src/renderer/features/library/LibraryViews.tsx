import { Chip } from '../../components/Chip.tsx';
import { navigate } from '../../state/screen.ts';

const VIEWS = [
  ['table', 'Pairs'],
  ['statistics', 'Statistics'],
  ['agreement', 'Agreement'],
  ['audit', 'Audit'],
  ['duplicates', 'Duplicates'],
] as const;
export type LibraryViewName = (typeof VIEWS)[number][0];

/** The ways to look at the pairs. */
export function LibraryViews({ current }: { readonly current: LibraryViewName }) {
  return (
    <nav className="row" aria-label="Views of the Library">
      {VIEWS.map(([view, label]) => (
        <Chip
          key={view}
          tone={view === current ? 'accent' : 'plain'}
          pressed={view === current}
          onClick={() => navigate('library', view === 'table' ? {} : { view })}
        >
          {label}
        </Chip>
      ))}
    </nav>
  );
}
