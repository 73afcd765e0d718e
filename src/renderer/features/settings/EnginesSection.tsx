import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { queryClient } from '../../api/queryClient.ts';
import { Elapsed } from '../../components/Elapsed.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { plural } from '../../format.ts';
import { EngineItem, type EngineReport } from './EngineItem.tsx';
import { Section } from './Section.tsx';
import css from './settings.module.css';

const input = { probe: false };

/** What can train on this machine, and how fast where it was measured. */
export function EnginesSection() {
  const engines = useQuery(api.engines.list.queryOptions({ input, staleTime: Number.POSITIVE_INFINITY }));
  const [startedAt, setStartedAt] = useState(0);
  const probe = useMutation(
    api.engines.list.mutationOptions({
      onSuccess: (measured) => queryClient.setQueryData(api.engines.list.queryKey({ input }), measured),
    }),
  );
  const reports = engines.data?.engines ?? [];
  const measured = reports.some(({ msPerStep }) => msPerStep !== null);
  const quickest = Math.min(...reports.flatMap(({ msPerStep }) => msPerStep ?? []));
  const quickestMs = Number.isFinite(quickest) ? quickest : null;
  const fastest = measured ? (engines.data?.fastest ?? null) : null;
  const here = reports.filter(({ available }) => available);
  const elsewhere = reports.filter(({ available }) => !available);
  return (
    <Section
      title="Engines"
      action={
        <>
          {probe.isPending && (
            <span className="small muted" role="status">
              Measuring each on a small step… <Elapsed since={startedAt} />
            </span>
          )}
          <Button
            loading={probe.isPending}
            onClick={() => {
              setStartedAt(performance.now());
              probe.mutate({ probe: true });
            }}
          >
            {measured ? 'Measure again' : 'Measure'}
          </Button>
        </>
      }
    >
      <ErrorCard error={engines.error} onRetry={() => void engines.refetch()} />
      <ErrorCard error={probe.error} />
      {engines.isPending && <Loading label="Looking for engines…" />}
      {engines.data?.fallback && <p className={css.notice}>{engines.data.fallback}</p>}
      <EngineList label="Engines here" reports={here} fastest={fastest} quickestMs={quickestMs} />
      {elsewhere.length > 0 && (
        <details className={css.elsewhere}>
          <summary>
            {plural(elsewhere.length, 'engine')} not on this machine, and what each would take
          </summary>
          <EngineList label="Engines not available" reports={elsewhere} fastest={null} quickestMs={null} />
        </details>
      )}
    </Section>
  );
}

interface ListProps {
  readonly label: string;
  readonly reports: readonly EngineReport[];
  readonly fastest: string | null;
  readonly quickestMs: number | null;
}

function EngineList({ label, reports, fastest, quickestMs }: ListProps) {
  return (
    <ul className={css.engineList} aria-label={label}>
      {reports.map((report) => (
        <EngineItem
          key={report.name}
          report={report}
          fastest={fastest === report.name}
          quickestMs={quickestMs}
        />
      ))}
    </ul>
  );
}
