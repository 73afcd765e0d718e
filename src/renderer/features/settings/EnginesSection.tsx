import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { queryClient } from '../../api/queryClient.ts';
import { Elapsed } from '../../components/Elapsed.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { EngineItem } from './EngineItem.tsx';
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
  const sorted = [...reports].sort((a, b) => Number(b.available) - Number(a.available));
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
      <ul className={css.engineList} aria-label="Engines">
        {sorted.map((report) => (
          <EngineItem
            key={report.name}
            report={report}
            fastest={measured && engines.data?.fastest === report.name}
            quickestMs={Number.isFinite(quickest) ? quickest : null}
          />
        ))}
      </ul>
    </Section>
  );
}
