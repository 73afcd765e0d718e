import { useQuery } from '@tanstack/react-query';
import { api, client } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { plural } from '../../format.ts';
import { coverageWords } from './coverageWords.ts';
import { SelectionActions } from './SelectionActions.tsx';
import type { CodesOf } from './useHeatMap.ts';

interface Props {
  readonly of: CodesOf;
  readonly runName: string;
}

/** Codes with few labels, and one step that has them labelled. */
export function Coverage({ of, runName }: Props) {
  const { data, error, refetch } = useQuery(api.codes.coverage.queryOptions({ input: of }));
  if (error) return <ErrorCard error={error} onRetry={() => void refetch()} />;
  if (!data) return <span className="small muted">Counting the labels of each code…</span>;
  const few = data.codes.filter(({ wanted }) => wanted > 0).map(({ code }) => code);
  return (
    <div className="stack" style={{ gap: 'var(--s1)' }}>
      <span
        className="small num"
        title="Fewer than ten of its pairs were decided by people, or a smaller share than half of that over all codes. As many as bring it there are drawn at random"
      >
        {coverageWords(few)}
        {few.length > 0 && ` ${plural(data.pairIds.length, 'pair')} would mend it.`}
      </span>
      {few.length > 0 && (
        <SelectionActions
          ids={async () => (await client.codes.coverage(of)).pairIds}
          reason={`few labels of a code: ${runName}, step ${of.step}`.slice(0, 60).trim()}
          disabled={data.pairIds.length === 0}
          canExclude={false}
          runId={of.runId}
        />
      )}
    </div>
  );
}
