import { type KeyboardEvent, useRef, useState } from 'react';
import type { CodeMatrix } from '#shared/codeSelection.ts';
import { CodeSwatch } from '../../components/Code.tsx';
import { ScrollRegion } from '../../components/ScrollRegion.tsx';
import { formatCount, formatShare, plural } from '../../format.ts';
import { codeColour } from '../../theme/codeColour.ts';
import { useColourScheme } from '../../theme/useColourScheme.ts';
import css from './matrix.module.css';
import type { MatrixCell, Measure } from './matrixCells.ts';

interface Props {
  readonly data: CodeMatrix;
  readonly cells: readonly (readonly MatrixCell[])[];
  readonly order: readonly number[];
  readonly measure: Measure;
  readonly selected: { readonly code: number; readonly group: string } | null;
  readonly onCell: (code: number, group: string) => void;
}

const UNKNOWN: MatrixCell = { value: null, strength: 0 };
const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** One stop for the Tab key; arrow keys move among the cells. */
export function MatrixTable({ data, cells, order, measure, selected, onCell }: Props) {
  const table = useRef<HTMLTableElement>(null);
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  const scheme = useColourScheme();
  const onKeyDown = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const row = Math.min(cells.length - 1, Math.max(0, at[0] + move[0]));
    const column = Math.min(order.length - 1, Math.max(0, at[1] + move[1]));
    setAt([row, column]);
    table.current?.querySelector<HTMLElement>(`[data-cell="${row} ${column}"]`)?.focus();
  };
  return (
    <ScrollRegion className={css.scroll} label="Groups by codes, table">
      <table ref={table} className={css.table} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            <th scope="col" className="label">
              Group
            </th>
            <th scope="col" className="label num">
              Pairs
            </th>
            {order.map((code) => (
              <th key={code} scope="col">
                <CodeSwatch code={code} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.groups.map(({ name, pairs }, row) => (
            <tr key={name}>
              <th scope="row" title={name}>
                {name}
              </th>
              <td className="num muted">{formatCount(pairs)}</td>
              {order.map((code, column) => {
                const { value, strength } = cells[row]?.[column] ?? UNKNOWN;
                const text = cellText(value, measure);
                const mix = Math.round(70 * strength);
                return (
                  <td key={code}>
                    <button
                      type="button"
                      data-cell={`${row} ${column}`}
                      tabIndex={at[0] === row && at[1] === column ? 0 : -1}
                      className={css.cell}
                      aria-pressed={selected?.code === code && selected.group === name}
                      aria-label={`code ${code}, ${name}: ${text}`}
                      style={{
                        background: `color-mix(in srgb, ${codeColour(code, scheme)} ${mix}%, transparent)`,
                      }}
                      onFocus={() => setAt([row, column])}
                      onClick={() => onCell(code, name)}
                    >
                      {text}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={`small muted ${css.foot}`}>
        {FOOT[measure]} Click or Enter: its pairs; arrow keys move. {plural(data.groups.length, 'group')}.
      </p>
    </ScrollRegion>
  );
}

const FOOT: Readonly<Record<Measure, string>> = {
  mean: 'Mean p(z|x) over the pairs of a group, in percent; colours compare across all groups.',
  pairs: 'Pairs whose prompts fire the code most; colours compare within a group.',
  accuracy: 'Held-out pairs of the group that are right with this code alone; coloured above one half.',
};

function cellText(value: number | null, measure: Measure): string {
  if (value === null) return '–';
  return measure === 'pairs' ? formatCount(value) : formatShare(value, 0);
}
