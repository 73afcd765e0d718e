import { useQuery } from '@tanstack/react-query';
import type { CodeSelection } from '#shared/codeSelection.ts';
import { api, client } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { formatCount, plural } from '../../format.ts';
import { SelectionActions } from './SelectionActions.tsx';
import type { CodesOf } from './useHeatMap.ts';

interface Props {
  readonly of: CodesOf;
  readonly selection: CodeSelection;
  readonly reason: string;
}

/** How many pairs a selection holds, and what can be done with them. */
export function SelectedPairs({ of, selection, reason }: Props) {
  const input = { ...of, selection };
  const { data, error, refetch } = useQuery({
    ...api.codes.select.queryOptions({ input }),
    select: ({ pairs, prompts, pairIds }) => ({ pairs, prompts, taken: pairIds.length }),
  });
  if (error) return <ErrorCard error={error} onRetry={() => void refetch()} />;
  return (
    <div className="stack" style={{ gap: 'var(--s1)' }}>
      <span className="small muted num">
        {data ? `${plural(data.pairs, 'pair')} of ${plural(data.prompts, 'prompt')}` : 'Counting…'}
        {data && data.taken < data.pairs && `; the first ${formatCount(data.taken)} at once`}
      </span>
      <SelectionActions
        key={JSON.stringify(input)}
        ids={async () => (await client.codes.select(input)).pairIds}
        reason={reason}
        disabled={!data || data.pairs === 0}
        runId={of.runId}
      />
    </div>
  );
}
