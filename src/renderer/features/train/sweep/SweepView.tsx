import { useMemo } from 'react';
import type { Run } from '#shared/entities.ts';
import { ErrorCard } from '../../../components/FailureCard.tsx';
import { Loading } from '../../../components/Loading.tsx';
import { isActive } from '../runWords.ts';
import { SweepChart } from './SweepChart.tsx';
import { SweepTable } from './SweepTable.tsx';
import css from './sweep.module.css';
import { sweepGroups } from './sweepGroups.ts';
import { useSweepTable } from './useSweeps.ts';

interface Props {
  readonly id: number;
  readonly runs: readonly Run[];
  readonly actionError: unknown;
}

/** A sweep: its figures against the values, and as a table. */
export function SweepView({ id, runs, actionError }: Props) {
  const { data: table, error, refetch } = useSweepTable(id, runs.some(isActive));
  const groups = useMemo(() => (table ? sweepGroups(table) : []), [table]);
  if (error) return <ErrorCard error={error} onRetry={() => void refetch()} />;
  if (!table) return <Loading label="Reading the sweep…" />;
  return (
    <div className={css.view}>
      <ErrorCard error={actionError} />
      <section className={`card ${css.panel}`} aria-label="Figures against values">
        <SweepChart axes={table.axes} groups={groups} />
      </section>
      <section className={`card ${css.panel}`} aria-label="Settings of the sweep">
        <SweepTable table={table} groups={groups} />
      </section>
    </div>
  );
}
