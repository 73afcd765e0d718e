import type { DataStatistics } from '#shared/dataEntities.ts';
import { formatCount, formatSeconds } from '../../format.ts';
import css from './statistics.module.css';
import { inPercent } from './words.ts';

/** How each person labels: how much, how fast, how far by side, how far like the others. */
export function PeopleTable({ people }: Pick<DataStatistics, 'people'>) {
  if (people.length === 0) return <p className="muted">Nobody has labelled here yet.</p>;
  return (
    <div className={css.scroll}>
      <table className={css.table}>
        <thead>
          <tr>
            <th className="label">Person</th>
            <th className="label">Decided</th>
            <th className="label">Skipped</th>
            <th className="label">Median</th>
            <th className="label">Left reply</th>
            <th className="label">Like the others</th>
          </tr>
        </thead>
        <tbody>
          {people.map(({ name, decided, skipped, medianMs, left, likeOthers }) => (
            <tr key={name}>
              <td>{name}</td>
              <td className="num">{formatCount(decided)}</td>
              <td className="num">{formatCount(skipped)}</td>
              <td className="num">{medianMs === null ? '·' : formatSeconds(medianMs)}</td>
              <td className="num">{left.share === null ? '·' : inPercent(left)}</td>
              <td className="num">{likeOthers.share === null ? '·' : inPercent(likeOthers)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
