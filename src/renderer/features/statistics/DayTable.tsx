import { useState } from 'react';
import type { DataStatistics } from '#shared/dataEntities.ts';
import { formatCount } from '../../format.ts';
import css from './statistics.module.css';

const SHOWN_DAYS = 14;

/** Verdicts and skips by day and person, the latest day first. */
export function DayTable({ days }: Pick<DataStatistics, 'days'>) {
  const [all, setAll] = useState(false);
  if (days.length === 0) return <p className="muted">Nobody has labelled here yet.</p>;
  const people = [...new Set(days.map(({ annotator }) => annotator))].sort();
  const byDay = new Map<string, Map<string, number>>();
  for (const { day, annotator, count } of days) {
    const row = byDay.get(day) ?? new Map<string, number>();
    row.set(annotator, count);
    byDay.set(day, row);
  }
  const totals = [...byDay]
    .map(([day, row]) => ({ day, row, total: [...row.values()].reduce((sum, count) => sum + count, 0) }))
    .sort((x, y) => (x.day < y.day ? 1 : -1));
  const most = Math.max(...totals.map(({ total }) => total));
  return (
    <>
      <div className={css.scroll}>
        <table className={css.table}>
          <thead>
            <tr>
              <th className="label">Day</th>
              {people.map((name) => (
                <th key={name} className="label">
                  {name}
                </th>
              ))}
              <th className="label">All</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {(all ? totals : totals.slice(0, SHOWN_DAYS)).map(({ day, row, total }) => (
              <tr key={day}>
                <td className="num">{day}</td>
                {people.map((name) => (
                  <td key={name} className="num">
                    {row.has(name) ? formatCount(row.get(name) ?? 0) : <span className="faint">·</span>}
                  </td>
                ))}
                <td className="num">
                  <b>{formatCount(total)}</b>
                </td>
                <td className={css.bar} aria-hidden="true">
                  <span style={{ width: `${(100 * total) / most}%` }} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {totals.length > SHOWN_DAYS && (
        <button type="button" className={css.more} onClick={() => setAll(!all)}>
          {all ? 'Show fewer' : `Show all ${formatCount(totals.length)} days`}
        </button>
      )}
    </>
  );
}
