import { problemOf } from '#shared/importReport.ts';
import { ScrollRegion } from '../../components/ScrollRegion.tsx';
import { formatCount, plural } from '../../format.ts';
import { dialogFix } from './fixWords.ts';
import css from './library.module.css';

interface Props {
  readonly file: string;
  readonly problems: ReadonlyArray<{
    readonly row: number;
    readonly field: string | null;
    readonly reason: string;
  }>;
  /** All problems, of which `problems` holds the first. */
  readonly count: number;
}

/** Rows that can't be read, and conflicts: which, where, why, and what to do. They stop nothing. */
export function ProblemList({ file, problems, count }: Props) {
  if (count === 0) return null;
  return (
    <section>
      <p className="small muted" style={{ margin: '0 0 4px' }}>
        {plural(count, 'row')} with a problem
        {problems.length < count ? `; the first ${formatCount(problems.length)}:` : ':'}
      </p>
      <ScrollRegion label="Unreadable rows" className={css.scroll}>
        <table className={css.problems}>
          <thead>
            <tr>
              <th className="label">Row</th>
              <th className="label">Field</th>
              <th className="label">Found</th>
              <th className="label">Expected</th>
              <th className="label">What to do</th>
            </tr>
          </thead>
          <tbody>
            {problems
              .map((problem) => problemOf(file, problem))
              .map(({ row, field, found, expected, fix }) => (
                <tr key={`${row}:${field}:${found}`}>
                  <td className="num">{row === null ? '—' : formatCount(row)}</td>
                  <td className="mono">{field ?? '—'}</td>
                  <td>{found}</td>
                  <td>{expected ?? '—'}</td>
                  <td>{fix === null ? '—' : dialogFix(fix)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  );
}
