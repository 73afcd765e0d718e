import { useEffect, useRef } from 'react';
import type { AuditRow } from '#shared/auditEntities.ts';
import { formatCount } from '../../format.ts';
import css from './audit.module.css';
import { reasonOf, sinceWords } from './words.ts';

interface Props {
  readonly rows: readonly AuditRow[];
  readonly current: number | null;
  readonly onChoose: (pairId: number) => void;
}

/** Labels, those that are borne out least first. */
export function AuditList({ rows, current, onChoose }: Props) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    if (current !== null) list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <ol ref={list} className={css.list} aria-label="Labels that others contradict, most first">
      {rows.map((row, place) => {
        const since = sinceWords(row);
        return (
          <li key={row.pairId}>
            <button
              type="button"
              className={css.row}
              aria-current={row.pairId === current || undefined}
              data-decided={since !== null || undefined}
              onClick={() => onChoose(row.pairId)}
            >
              <span className="small num">
                {`${formatCount(place + 1)} · ${reasonOf(row)}`}
                {since !== null && <b>{` · ${since}`}</b>}
              </span>
              <span className="ellipsis">{row.prompt}</span>
              <span className="small muted ellipsis">{row.source}</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
