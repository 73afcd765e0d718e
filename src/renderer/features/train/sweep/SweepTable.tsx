import { Button } from '@mantine/core';
import { BEST_RULES } from '#core/bestCheckpoint.ts';
import type { SweepRow, SweepTable as Table } from '#shared/sweepContract.ts';
import { Chip } from '../../../components/Chip.tsx';
import { ScrollRegion } from '../../../components/ScrollRegion.tsx';
import { formatFigure } from '../../../format.ts';
import { navigate } from '../../../state/screen.ts';
import { STATE_WORDS } from '../runWords.ts';
import css from './sweep.module.css';
import { bestGroup, METRIC_NAMES, type Spread, type SweepGroup, valueWords } from './sweepGroups.ts';

interface Props {
  readonly table: Table;
  readonly groups: readonly SweepGroup[];
}

/** A line for each setting: its figures on held-out pairs, and its runs. */
export function SweepTable({ table, groups }: Props) {
  const { axes, seeds, bestBy } = table;
  const best = bestGroup(groups, bestBy);
  const hasCodes = groups.some(({ spread }) => spread.codesInUse !== null);
  return (
    <>
      <p className="small muted">
        Figures are those of each run’s best evaluation, causal recovery of its end. The best setting is that
        of the {BEST_RULES[bestBy]}
        {seeds.length > 1 ? ', the mean over its seeds' : ''}. It is chosen on the pairs that its figures are
        of, which flatters them
        {seeds.length > 1
          ? '; each seed holds other prompts out.'
          : ': more seeds say how much of it is chance.'}
      </p>
      <ScrollRegion className={css.scroll} label="Figures by setting">
        <table className={css.table}>
          <thead>
            <tr>
              {axes.map(({ field }) => (
                <th key={field} scope="col" className="mono">
                  {field}
                </th>
              ))}
              <th scope="col">{METRIC_NAMES.accuracy}</th>
              <th scope="col">{METRIC_NAMES.loss}</th>
              {hasCodes && <th scope="col">{METRIC_NAMES.codesInUse}</th>}
              {hasCodes && <th scope="col">{METRIC_NAMES.causalRecovery}</th>}
              <th scope="col">Runs, by seed</th>
            </tr>
          </thead>
          <tbody>
            {groups.map((group) => (
              <tr key={JSON.stringify(group.values)} className={group === best ? css.best : undefined}>
                {group.values.map((value, axis) => (
                  <th key={axes[axis]?.field} scope="row" className="num">
                    {valueWords(value)} {axis === 0 && group === best && <Chip tone="accent">best</Chip>}
                  </th>
                ))}
                <Figure spread={group.spread.accuracy} />
                <Figure spread={group.spread.loss} />
                {hasCodes && <Figure spread={group.spread.codesInUse} digits={0} />}
                {hasCodes && <Figure spread={group.spread.causalRecovery} digits={2} />}
                <td className={css.runs}>
                  {group.rows.map((row) => (
                    <RunLink key={row.name} row={row} />
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </>
  );
}

function Figure({ spread, digits = 3 }: { readonly spread: Spread | null; readonly digits?: number }) {
  if (spread === null) return <td className="faint">–</td>;
  const { mean, low, high } = spread;
  return (
    <td className="num">
      {formatFigure(mean, digits)}
      {low !== null && high !== null && low !== high && (
        <span className="muted">
          {' '}
          {formatFigure(low, digits)}–{formatFigure(high, digits)}
        </span>
      )}
    </td>
  );
}

const stateWords = ({ state, step, steps }: SweepRow): string => {
  if (state === 'waiting') return 'waits';
  if (state === 'finished') return '';
  return `${STATE_WORDS[state].label.toLowerCase()}, step ${step} of ${steps}`;
};

function RunLink({ row }: { readonly row: SweepRow }) {
  const { runId, seed } = row;
  const words = stateWords(row);
  if (runId === null) return <span className="muted">{`${seed} (${words}) `}</span>;
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      aria-label={`Open ${row.name}`}
      onClick={() => navigate('train', { run: String(runId) })}
    >
      {words === '' ? seed : `${seed} (${words})`}
    </Button>
  );
}
