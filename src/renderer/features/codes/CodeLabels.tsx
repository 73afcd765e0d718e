import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FacetError } from '#core/result.ts';
import type { CodeLabels as Labels } from '#shared/codeLabels.ts';
import { api, client } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { PaneSection } from '../../components/SidePane.tsx';
import { formatCount, formatShare, plural } from '../../format.ts';
import { formatPlace } from '../../state/screen.ts';
import css from './codes.module.css';
import type { CodesOf } from './useHeatMap.ts';

interface Props {
  readonly of: CodesOf;
  readonly code: number;
}

async function find(
  of: CodesOf,
  code: number,
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<Labels> {
  for await (const frame of await client.codes.labels({ ...of, code }, { signal })) {
    if (frame.type === 'done') return frame.result;
    onShare(frame.total > 0 ? frame.done / frame.total : 0);
  }
  throw new FacetError({ code: 'codes.labels-ended', message: 'The search ended early.', fix: 'Try again.' });
}

/** Checkpoints whose pairs are scored: of those other codes are told at once. */
const scored = new Set<string>();

/** The labels that the posterior gives to this code: what it was learnt from. */
export function CodeLabels({ of, code }: Props) {
  const place = `${of.runId} ${of.step}`;
  const [asked, setAsked] = useState(() => scored.has(place));
  const [share, setShare] = useState(0);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: [...api.codes.labels.key(), 'found', of, code],
    queryFn: async ({ signal }) => {
      const labels = await find(of, code, signal, setShare);
      scored.add(place);
      return labels;
    },
    enabled: asked,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return (
    <PaneSection label="Labels that made it">
      {error && <ErrorCard error={error} onRetry={() => void refetch()} />}
      {!asked && (
        <Button
          size="compact-xs"
          title="Scores the run’s training pairs by this checkpoint, once"
          onClick={() => setAsked(true)}
        >
          Find them
        </Button>
      )}
      {asked && isFetching && (
        <span className="small muted num" role="status">
          Scoring the pairs trained on… {formatShare(share, 0)}
        </span>
      )}
      {data && <Found labels={data} />}
    </PaneSection>
  );
}

function Found({ labels: { reason, pairs, strongest, top } }: { readonly labels: Labels }) {
  if (reason !== null) return <span className="small muted">{reason}</span>;
  return (
    <>
      <ol className={css.labels} aria-label="Labels with the most posterior weight">
        {top.map(({ pairId, prompt, posterior, prior }) => (
          <li key={pairId}>
            <a className="ellipsis" href={formatPlace('annotate', { pair: String(pairId) })} title={prompt}>
              {formatCount(pairId)} · {prompt}
            </a>
            <span className="num small muted">
              q {posterior.toFixed(2)} ·{' '}
              {prior === null ? 'prior: another code' : `prior ${prior.toFixed(2)}`}
            </span>
          </li>
        ))}
      </ol>
      <span className="small muted num">
        {strongest === 0
          ? `The posterior of none of ${plural(pairs, 'pair')} trained on is strongest for it.`
          : `Of ${plural(pairs, 'pair')} trained on the posterior of ${formatCount(strongest)} is strongest for it; those with the most weight stand here.`}
      </span>
    </>
  );
}
