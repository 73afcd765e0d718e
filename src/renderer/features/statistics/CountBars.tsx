import { useState } from 'react';
import type { Counted } from '#shared/dataEntities.ts';
import { formatCount, formatShare } from '../../format.ts';
import css from './statistics.module.css';

interface Props {
  readonly counts: readonly Counted[];
  readonly nameOf?: (name: string) => string;
  readonly none: string;
}

const SHOWN = 8;

/** How often each name comes, largest first, with its share of all. */
export function CountBars({ counts, nameOf = (name) => name, none }: Props) {
  const [all, setAll] = useState(false);
  if (counts.length === 0) return <p className="muted">{none}</p>;
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const most = counts[0]?.count ?? 1;
  return (
    <>
      {(all ? counts : counts.slice(0, SHOWN)).map(({ name, count }) => (
        <div key={name} className={css.count}>
          <span className={`ellipsis ${css.name}`} title={nameOf(name)}>
            {nameOf(name)}
          </span>
          <span className={css.bar} aria-hidden="true">
            <span style={{ width: `${(100 * count) / most}%` }} />
          </span>
          <span className="num small">
            {formatCount(count)} <span className="muted">{formatShare(count / total)}</span>
          </span>
        </div>
      ))}
      {counts.length > SHOWN && (
        <button type="button" className={css.more} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${formatCount(counts.length)}`}
        </button>
      )}
    </>
  );
}
