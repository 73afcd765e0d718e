import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../../api/client.ts';
import { strongestCodes } from '../../../charts/heatMap/data.ts';
import { CodeSwatch } from '../../../components/Code.tsx';
import type { CodesOf } from '../useHeatMap.ts';

const SETTLE_MS = 90;

/** The prompt under the pointer, with its strongest codes. */
export function MapTip({ of, promptId }: { readonly of: CodesOf; readonly promptId: number }) {
  const [settled] = useDebouncedValue(promptId, SETTLE_MS);
  const { data } = useQuery({
    ...api.codes.prompt.queryOptions({ input: { ...of, promptId: settled } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (data?.promptId !== promptId) return <span className="muted">…</span>;
  return (
    <div className="stack" style={{ gap: 4 }}>
      <span className="muted">{data.source}</span>
      <span style={{ maxHeight: '5.6em', overflow: 'hidden', overflowWrap: 'anywhere' }}>
        {data.messages.at(-1)?.content}
      </span>
      <span className="row" style={{ gap: 'var(--s3)' }}>
        {strongestCodes(data.weights, 3).map(({ code, weight }) => (
          <CodeSwatch key={code} code={code} label={`${code}: ${weight.toFixed(2)}`} />
        ))}
      </span>
    </div>
  );
}
