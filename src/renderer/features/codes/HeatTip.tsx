import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import type { Cell } from '../../charts/heatMap/cells.ts';
import { groupOfRow, type HeatMapData, strongestCodes } from '../../charts/heatMap/data.ts';
import { CodeSwatch } from '../../components/Code.tsx';
import { formatCount } from '../../format.ts';
import type { CodesOf } from './useHeatMap.ts';

interface Props {
  readonly of: CodesOf;
  readonly data: HeatMapData;
  readonly cell: Cell;
}

const SETTLE_MS = 90;

/** What lies under the pointer: the code, the line's mean, and the prompt that carries the code most. */
export function HeatTip({ of, data, cell }: Props) {
  const { code, line, promptId, weight } = cell;
  const [settled] = useDebouncedValue(promptId, SETTLE_MS);
  const prompt = useQuery({
    ...api.codes.prompt.queryOptions({ input: { ...of, promptId: settled ?? 0 } }),
    enabled: settled !== null,
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
  if (!line || promptId === null || weight === null)
    return (
      <span>
        <CodeSwatch code={code} label={`code ${code}`} /> · click for its page
      </span>
    );
  const shown = prompt?.promptId === promptId ? prompt : undefined;
  const group = groupOfRow(data, line.start) || 'none';
  return (
    <div className="stack" style={{ gap: 4 }}>
      <span className="row">
        <CodeSwatch code={code} label={`code ${code}`} />
        <span className="grow" />
        <b className="num">{weight.toFixed(3)}</b>
      </span>
      <span className="muted">
        {line.rows === 1 ? group : `mean of ${formatCount(line.rows)} prompts of ${group}; the strongest:`}
      </span>
      <span style={{ maxHeight: '4.2em', overflow: 'hidden', overflowWrap: 'anywhere' }}>
        {shown?.messages.at(-1)?.content ?? '…'}
      </span>
      <span className="row" style={{ gap: 'var(--s3)' }}>
        {strongestCodes(shown?.weights ?? [], 3).map((strong) => (
          <CodeSwatch
            key={strong.code}
            code={strong.code}
            label={`${strong.code}: ${strong.weight.toFixed(2)}`}
          />
        ))}
      </span>
    </div>
  );
}
