import type { AgreementReport } from '#shared/agreementEntities.ts';
import { ScrollRegion } from '../../components/ScrollRegion.tsx';
import { formatCount, formatShare } from '../../format.ts';
import css from '../statistics/statistics.module.css';
import own from './agreement.module.css';

/** Annotator × code: how many pairs of a code each decided, and how often like most of the others. */
export function CodeTable({ people }: Pick<AgreementReport, 'people'>) {
  const codes = [...new Set(people.flatMap((person) => person.codes.map(({ code }) => code)))].sort(
    (x, y) => x - y,
  );
  if (codes.length === 0)
    return <p className="muted">The run has no codes of pairs that somebody labelled.</p>;
  return (
    <ScrollRegion className={css.scroll} label="People by code, table">
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col" className="label">
              Person
            </th>
            {codes.map((code) => (
              <th key={code} scope="col" className="label num">
                {`Code ${code}`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {people.map(({ name, codes: cells }) => (
            <tr key={name}>
              <th scope="row" className={own.name}>
                {name}
              </th>
              {codes.map((code) => {
                const cell = cells.find((known) => known.code === code);
                if (cell === undefined) return <td key={code}>·</td>;
                const { share, low, high, of } = cell.likeOthers;
                return (
                  <td
                    key={code}
                    className="num"
                    title={
                      share === null
                        ? 'nobody else prefers a reply of these pairs'
                        : `like most of the others in ${formatShare(share, 0)} of ${of} (${formatShare(low, 0)} to ${formatShare(high, 0)})`
                    }
                  >
                    {formatCount(cell.decided)}{' '}
                    <span className={own.interval}>{share === null ? '' : formatShare(share, 0)}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
