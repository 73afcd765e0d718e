import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { RunConfig } from '#core/runConfig.ts';
import type { Outputs } from '#shared/contract.ts';
import type { PairSelection } from '#shared/entities.ts';
import { api } from '../../../api/client.ts';
import { ErrorCard } from '../../../components/FailureCard.tsx';
import { ProgressLine } from '../../../components/ProgressLine.tsx';
import { PaneSection } from '../../../components/SidePane.tsx';
import { formatBytes, formatCount, formatParameters, formatShare, plural } from '../../../format.ts';
import { timeWords } from '../runWords.ts';
import { BudgetHelp } from './BudgetHelp.tsx';
import css from './form.module.css';

interface Props {
  readonly modelId: number | null;
  readonly config: RunConfig | null;
  readonly selection: PairSelection;
  readonly onBudget: (tokenBudget: number) => void;
}

const SETTLE_MS = 500;

/** What the run would take, beside what this machine has. */
export function EstimatePane({ modelId, config, selection, onBudget }: Props) {
  const [asked] = useDebouncedValue({ modelId, config, selection }, SETTLE_MS);
  const ready = asked.modelId !== null && asked.config !== null;
  const estimate = useQuery({
    ...api.runs.estimate.queryOptions({
      input: { modelId: asked.modelId ?? 0, config: asked.config as RunConfig, selection: asked.selection },
      enabled: ready,
    }),
    placeholderData: (before) => before,
  });
  const { data } = estimate;
  if (!ready)
    return <PaneSection label="Estimate">Choose a model and fix the marked settings first.</PaneSection>;
  if (estimate.error) return <ErrorCard error={estimate.error} onRetry={() => void estimate.refetch()} />;
  if (!data)
    return (
      <PaneSection label="Estimate">
        <div className="stack" role="status">
          <ProgressLine value={null} label="Working out the estimate" />
          <span className="small muted">Packing the pairs and measuring a step on this machine…</span>
        </div>
      </PaneSection>
    );
  const share = data.peakBytes / data.memoryBytes;
  const over = share > 0.9;
  return (
    <PaneSection label={estimate.isFetching ? 'Estimate, being updated' : 'Estimate'}>
      <div className="stack" aria-live="polite">
        <div className={css.meter} data-over={over} aria-hidden="true">
          <div style={{ width: `${Math.min(100, share * 100)}%` }} />
        </div>
        <span className="small num">
          Peak memory {formatBytes(data.peakBytes)}, {formatShare(share, share < 0.01 ? 1 : 0)} of this
          machine’s {formatBytes(data.memoryBytes)}
        </span>
        {over && (
          <>
            <b className="small" style={{ color: 'var(--bad)' }}>
              This may not fit. Lower the token budget, recompute activations, train heads or LoRA, or take a
              smaller model.
            </b>
            {modelId !== null && config !== null && (
              <BudgetHelp
                key={config.tokenBudget}
                modelId={modelId}
                config={config}
                selection={selection}
                onBudget={onBudget}
              />
            )}
          </>
        )}
        <dl className={css.facts}>
          <dt>Time</dt>
          <dd>
            {data.secondsTotal === null
              ? 'not measured: it may not fit'
              : `about ${timeWords(data.secondsTotal * 1000)}`}
          </dd>
          <dt>Trained parameters</dt>
          <dd>{formatParameters(data.trainableParameters)}</dd>
          <dt>Pairs</dt>
          <dd>{formatCount(data.pairs)}</dd>
          <dt>Pairs per step</dt>
          <dd>about {formatCount(Math.round(data.pairsPerStep))}</dd>
          <dt>Tokens</dt>
          <dd>{formatCount(data.tokens)}</dd>
        </dl>
        <CutNote {...data} />
        <EqualNote {...data} />
      </div>
    </PaneSection>
  );
}

const MOST_NAMED = 20;

/** Pairs that the cut leaves nothing to learn from. */
function EqualNote({ equalIds, pairs }: Outputs['runs']['estimate']) {
  if (equalIds.length === 0) return null;
  const more = equalIds.length - MOST_NAMED;
  return (
    <div className={css.cut} data-great={false} role="status">
      <b className="small num">
        {formatCount(equalIds.length)} of {plural(pairs, 'pair')} left out: once cut, both replies are the
        same.
      </b>
      <span className="small muted" style={{ overflowWrap: 'anywhere' }}>
        {equalIds.length === 1 ? 'Pair' : 'Pairs'} {equalIds.slice(0, MOST_NAMED).join(', ')}
        {more > 0 && ` and ${formatCount(more)} more`}. Raise the longest reply to keep what tells them apart.
      </span>
    </div>
  );
}

/** Beyond this share of tokens a run learns from beginnings more than from replies. */
const GREAT_LOSS = 0.1;

/** What the limits cut off, before the run: cut pairs are trained on, without what was cut. */
function CutNote({ pairs, pairsCut, tokens, tokensCut }: Outputs['runs']['estimate']) {
  if (pairsCut === 0) return null;
  const share = tokensCut / (tokens + tokensCut);
  return (
    <div className={css.cut} data-great={share >= GREAT_LOSS} role="status">
      <b className="small num">
        {formatShare(share, share < 0.01 ? 1 : 0)} of all tokens are cut off, in {formatCount(pairsCut)} of{' '}
        {plural(pairs, 'pair')}.
      </b>
      <span className="small muted">
        These pairs are trained on without what is cut: replies lose their ends, prompts their beginnings.
        Raise the token budget, the longest prompt or the longest reply to keep more.
      </span>
    </div>
  );
}
