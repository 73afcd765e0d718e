import { ScrollRegion } from '../../components/ScrollRegion.tsx';
import { formatCount, plural } from '../../format.ts';
import css from './library.module.css';

interface Props {
  readonly problems: ReadonlyArray<{
    readonly row: number;
    readonly field: string | null;
    readonly reason: string;
  }>;
  /** All unreadable rows, of which `problems` holds the first. */
  readonly count: number;
}

/** Rows that can't be read: which, where, why. They are left out and stop nothing. */
export function ProblemList({ problems, count }: Props) {
  if (count === 0) return null;
  return (
    <section>
      <p className="small muted" style={{ margin: '0 0 4px' }}>
        {plural(count, 'row')} can’t be read and {count === 1 ? 'is' : 'are'} left out
        {problems.length < count ? `; the first ${formatCount(problems.length)}:` : ':'}
      </p>
      <ScrollRegion label="Unreadable rows" className={css.scroll}>
        <table className={css.problems}>
          <thead>
            <tr>
              <th className="label">Row</th>
              <th className="label">Field</th>
              <th className="label">Reason</th>
            </tr>
          </thead>
          <tbody>
            {problems.map(({ row, field, reason }) => (
              <tr key={`${row}:${field}:${reason}`}>
                <td className="num">{formatCount(row)}</td>
                <td className="mono">{field ?? '—'}</td>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  );
}
