import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api } from '../../api/client.ts';
import { FlowChart } from '../../charts/flow/FlowChart.tsx';
import { strongestCodes } from '../../charts/heatMap/data.ts';
import { CodeSwatch } from '../../components/Code.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import css from './codes.module.css';
import { growthFlow } from './growthFlow.ts';
import type { CodesOf } from './useHeatMap.ts';

interface Props {
  readonly of: CodesOf;
  readonly text: string;
  readonly onCode: (code: number) => void;
}

/** The prior as a typed prompt grows, on demand: each beginning is a prompt of its own that is read. */
export function Growth({ of, text, onCode }: Props) {
  const [isAsked, setAsked] = useState(false);
  const { data, error, isFetching, refetch } = useQuery({
    ...api.codes.growth.queryOptions({ input: { ...of, text } }),
    enabled: isAsked,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const flow = useMemo(() => (data ? growthFlow(data) : null), [data]);
  if (!isAsked)
    return (
      <Button size="compact-xs" onClick={() => setAsked(true)}>
        Token by token
      </Button>
    );
  return (
    <>
      <ErrorCard error={error} onRetry={() => void refetch()} />
      {isFetching && (
        <span className="small muted" role="status">
          Reading its beginnings…
        </span>
      )}
      {data && flow && (
        <>
          <div className={css.growth}>
            <FlowChart
              columns={flow.columns}
              changes={flow.changes}
              titles={data.map(({ added }) => added.trim())}
              label="p(z|x) as the prompt grows; the list beneath says the same"
              chosen={null}
              onCode={onCode}
            />
          </div>
          <ol className={css.beginnings} aria-label="Strongest codes as the prompt grows">
            {data.map(({ added, weights }, at) => {
              const strongest = strongestCodes(weights, 1)[0];
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice, and the list never changes.
                <li key={at}>
                  <span className="ellipsis">{added}</span>
                  {strongest && (
                    <CodeSwatch
                      code={strongest.code}
                      label={`${strongest.code}: ${strongest.weight.toFixed(2)}`}
                    />
                  )}
                </li>
              );
            })}
          </ol>
          <span className="small muted">
            Each beginning as if no more had been typed; of a long prompt several tokens come together.
          </span>
        </>
      )}
    </>
  );
}
