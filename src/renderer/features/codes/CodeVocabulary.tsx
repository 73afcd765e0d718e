import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { Chip } from '../../components/Chip.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { PaneSection } from '../../components/SidePane.tsx';
import { formatFigure } from '../../format.ts';
import type { CodesOf } from './useHeatMap.ts';

interface Props {
  readonly of: CodesOf;
  readonly code: number;
}

/** Tokens whose logits the code alone raises and lowers most. */
export function CodeVocabulary({ of, code }: Props) {
  const { data, error, refetch } = useQuery({
    ...api.codes.vocabulary.queryOptions({ input: { ...of, code } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <PaneSection label="Words that it lifts and lowers">
      {error && <ErrorCard error={error} onRetry={() => void refetch()} />}
      {!data && !error && <span className="small muted">Reading the model…</span>}
      {data && data.reason !== null && <span className="small muted">{data.reason}</span>}
      {data?.reason === null && (
        <>
          <Tokens label="lifts" tone="good" tokens={data.lifted} />
          <Tokens label="lowers" tone="bad" tokens={data.lowered} />
          <span className="small muted">
            Tokens by what z = this code adds to their logits, in nats, less the mean of all tokens
          </span>
        </>
      )}
    </PaneSection>
  );
}

interface TokensProps {
  readonly label: string;
  readonly tone: 'good' | 'bad';
  readonly tokens: readonly { readonly id: number; readonly text: string; readonly shift: number }[];
}

function Tokens({ label, tone, tokens }: TokensProps) {
  return (
    <div className="row" style={{ flexWrap: 'wrap', gap: 'var(--s1)' }}>
      <span className="small muted">{label}</span>
      {tokens.map(({ id, text, shift }) => (
        <Chip key={id} tone={tone} title={`${shift < 0 ? '−' : '+'}${formatFigure(Math.abs(shift), 2)} nats`}>
          {text.trim()}
        </Chip>
      ))}
    </div>
  );
}
