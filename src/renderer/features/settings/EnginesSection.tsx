import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { queryClient } from '../../api/queryClient.ts';
import { Chip } from '../../components/Chip.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { formatFigure } from '../../format.ts';
import { Section } from './Section.tsx';
import css from './settings.module.css';

const input = { probe: false };

/** What can train on this machine, and how fast where it was measured. */
export function EnginesSection() {
  const engines = useQuery(api.engines.list.queryOptions({ input, staleTime: Number.POSITIVE_INFINITY }));
  const probe = useMutation(
    api.engines.list.mutationOptions({
      onSuccess: (measured) => queryClient.setQueryData(api.engines.list.queryKey({ input }), measured),
    }),
  );
  const measured = engines.data?.engines.some(({ msPerStep }) => msPerStep !== null) === true;
  return (
    <Section
      title="Engines"
      action={
        <Button loading={probe.isPending} onClick={() => probe.mutate({ probe: true })}>
          {measured ? 'Measure again' : 'Measure'}
        </Button>
      }
    >
      <ErrorCard error={engines.error} onRetry={() => void engines.refetch()} />
      <ErrorCard error={probe.error} />
      {engines.isPending && <Loading label="Looking for engines…" />}
      {engines.data !== undefined && (
        <table className={css.engines}>
          <thead>
            <tr>
              <th className="label">Engine</th>
              <th className="label">State</th>
              <th className="label">Device</th>
              <th className="label">Small step</th>
            </tr>
          </thead>
          <tbody>
            {engines.data.engines.map(({ name, available, device, reason, fix, msPerStep }) => (
              <tr key={name}>
                <td className="mono small">{name}</td>
                <td>
                  <Chip tone={available ? 'good' : 'plain'}>{available ? 'ready' : 'not here'}</Chip>{' '}
                  {measured && engines.data.fastest === name && <Chip tone="accent">fastest</Chip>}
                  {reason !== null && <div className="small muted">{reason}</div>}
                  {fix !== null && <div className="small">{fix}</div>}
                </td>
                <td className="small">{device ?? <span className="faint">—</span>}</td>
                <td className="num small">
                  {msPerStep === null ? <span className="faint">—</span> : `${formatFigure(msPerStep, 1)} ms`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
