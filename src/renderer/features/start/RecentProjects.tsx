import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { Chip } from '../../components/Chip.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { formatMoment } from '../../format.ts';
import css from './start.module.css';

interface Props {
  readonly busy: boolean;
  readonly onOpen: (path: string) => void;
}

/** Projects opened before; one whose file is gone is marked and can't be opened. */
export function RecentProjects({ busy, onOpen }: Props) {
  const recent = useQuery(api.project.recent.queryOptions());
  if (recent.error !== null) return <ErrorCard error={recent.error} onRetry={() => void recent.refetch()} />;
  if (recent.data === undefined || recent.data.length === 0) return null;
  return (
    <section aria-labelledby="recent-projects">
      <h2 className="label" id="recent-projects" style={{ margin: 0 }}>
        Recent projects
      </h2>
      <ul className={css.recent}>
        {recent.data.map(({ path, name, openedAt, exists }) => (
          <li key={path}>
            <button type="button" disabled={busy || !exists} title={path} onClick={() => onOpen(path)}>
              <b className="ellipsis">{name}</b>
              <span className="small mono faint ellipsis">{path}</span>
              {exists ? (
                <span className="small muted num">{formatMoment(openedAt)}</span>
              ) : (
                <Chip tone="warn">file is missing</Chip>
              )}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
