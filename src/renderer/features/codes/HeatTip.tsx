import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import type { Cell } from '../../charts/heatMap/cells.ts';
import { type HeatMapData, rowWeights, sourceOfRow, strongestCodes } from '../../charts/heatMap/data.ts';
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
  const { code, line, row, weight } = cell;
  const promptId = row === null ? undefined : data.promptIds[row];
  const [settled] = useDebouncedValue(promptId, SETTLE_MS);
  const prompt = useQuery({
    ...api.codes.prompt.queryOptions({ input: { ...of, promptId: settled ?? 0 } }),
    enabled: settled !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
  if (!line || row === null || weight === null)
    return (
      <span>
        <CodeSwatch code={code} label={`code ${code}`} /> · click for its page
      </span>
    );
  const text = prompt?.promptId === promptId ? prompt?.messages.at(-1)?.content : undefined;
  return (
    <div className="stack" style={{ gap: 4 }}>
      <span className="row">
        <CodeSwatch code={code} label={`code ${code}`} />
        <span className="grow" />
        <b className="num">{weight.toFixed(3)}</b>
      </span>
      <span className="muted">
        {line.rows === 1
          ? sourceOfRow(data, row)
          : `mean of ${formatCount(line.rows)} prompts of ${sourceOfRow(data, row)}; the strongest:`}
      </span>
      <span style={{ maxHeight: '4.2em', overflow: 'hidden', overflowWrap: 'anywhere' }}>{text ?? '…'}</span>
      <span className="row" style={{ gap: 'var(--s3)' }}>
        {strongestCodes(rowWeights(data, row), 3).map((strong) => (
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
