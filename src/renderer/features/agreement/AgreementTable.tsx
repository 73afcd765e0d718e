import type { AgreementRow } from '#shared/agreementEntities.ts';
import { ScrollRegion } from '../../components/ScrollRegion.tsx';
import { formatCount } from '../../format.ts';
import css from '../statistics/statistics.module.css';
import own from './agreement.module.css';
import { figure, interval } from './words.ts';

interface Props {
  readonly rows: readonly AgreementRow[];
  /** What the rows are: a source, say. */
  readonly head: string;
  readonly none: string;
}

const COLUMNS = [
  ['raw', 'Same', 'Share of comparisons of two labels that are the same'],
  ['cohen', 'Cohen κ', 'Of two raters; the mean of all two where there are more'],
  ['fleiss', 'Fleiss κ', 'Of all raters at once'],
  ['alpha', 'α', 'Krippendorff’s, every difference alike'],
  ['ordinal', 'α ordinal', 'Krippendorff’s on the scale from one reply far better to the other far better'],
  ['ac1', 'AC1', 'Gwet’s; steady where nearly all labels are the same'],
] as const;

/** Coefficients with their intervals, a row each. */
export function AgreementTable({ rows, head, none }: Props) {
  if (rows.length === 0) return <p className="muted">{none}</p>;
  return (
    <ScrollRegion className={css.scroll} label={`${head}, table`}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col" className="label">
              {head}
            </th>
            <th scope="col" className="label">
              Pairs
            </th>
            {COLUMNS.map(([name, label, title]) => (
              <th key={name} scope="col" className={`label ${own.sign}`} title={title}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row" className={own.name} title={row.name}>
                {row.name}
              </th>
              <td className="num">{formatCount(row.items)}</td>
              {COLUMNS.map(([name]) => (
                <td key={name} className="num">
                  {figure(row[name])} <span className={own.interval}>{interval(row[name])}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
