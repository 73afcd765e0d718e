import { CodeSwatch } from '../../../components/Code.tsx';
import { ScrollRegion } from '../../../components/ScrollRegion.tsx';
import { formatFigure, formatShare } from '../../../format.ts';
import codesCss from '../codes.module.css';
import type { CodeLine } from './codeLines.ts';
import { beganWords, endedWords } from './lineWords.ts';
import css from './timeline.module.css';

interface Props {
  readonly lines: readonly CodeLine[];
  readonly titles: readonly string[];
  /** Of two checkpoints beside each other: how far codes overlap. */
  readonly overlaps: readonly { readonly from: number; readonly overlap: number }[] | undefined;
  readonly names: ReadonlyMap<number, string>;
  readonly ownColumn: number;
  readonly chosen: CodeLine | null;
  readonly onLine: (line: CodeLine) => void;
}

/** One row a code: how much it had and has, where it came from, and what became of it. */
export function LineTable({ lines, titles, overlaps, names, ownColumn, chosen, onLine }: Props) {
  const last = titles.length - 1;
  const nameOf = (line: CodeLine): string => {
    const own = line.codes[ownColumn] ?? line.code;
    const name = line.codes[ownColumn] == null ? undefined : names.get(own);
    const numbers = [...new Set(line.codes.filter((code) => code !== null))].join(' → ');
    return name ? `${numbers} ${name}` : numbers;
  };
  return (
    <ScrollRegion className={css.rows} label="Codes from first to last, table">
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col" className="label">
              Code
            </th>
            <th scope="col" className="label num">
              {overlaps ? 'here' : 'at first'}
            </th>
            <th scope="col" className="label num">
              {overlaps ? 'there' : 'at last'}
            </th>
            {overlaps && (
              <th scope="col" className="label num">
                overlap
              </th>
            )}
            <th scope="col" className="label">
              {overlaps ? 'What it is there' : 'What became of it'}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => {
            const overlap = overlaps?.find(({ from }) => from === line.codes[0])?.overlap;
            return (
              <tr key={`${line.begins} ${line.codes[line.begins]}`} aria-current={line === chosen}>
                <td>
                  <button type="button" className={codesCss.codeLink} onClick={() => onLine(line)}>
                    <CodeSwatch code={line.codes[ownColumn] ?? line.code} label={nameOf(line)} />
                  </button>
                </td>
                <td className="num">{line.begins === 0 ? formatShare(line.shares[0] ?? 0) : '–'}</td>
                <td className="num">{line.ends === last ? formatShare(line.shares[last] ?? 0) : '–'}</td>
                {overlaps && <td className="num">{formatFigure(line.ends > 0 ? overlap : null, 2)}</td>}
                <td>
                  {overlaps
                    ? besideWords(line)
                    : [beganWords(line, titles), endedWords(line, titles)].filter(Boolean).join('; ')}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function besideWords({ codes, from, into }: CodeLine): string {
  const [here, there] = codes;
  if (here != null && there != null) return `code ${there}`;
  if (here != null) return into === null ? 'no code of its own' : `within code ${into}`;
  return from === null ? 'only there' : `only there, within code ${from} here`;
}
