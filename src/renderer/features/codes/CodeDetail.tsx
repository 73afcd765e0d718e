import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { CodeSummary, CodesOverview } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { codeWeights, type HeatMapData } from '../../charts/heatMap/data.ts';
import { WeightHistogram } from '../../charts/WeightHistogram.tsx';
import { Chip } from '../../components/Chip.tsx';
import { CodeSwatch } from '../../components/Code.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { PaneSection } from '../../components/SidePane.tsx';
import { formatShare, plural } from '../../format.ts';
import { navigate } from '../../state/screen.ts';
import { codeColour } from '../../theme/codeColour.ts';
import { useColourScheme } from '../../theme/useColourScheme.ts';
import { CodeEffects } from './CodeEffects.tsx';
import css from './codes.module.css';
import type { CodesOf } from './useHeatMap.ts';

interface Props {
  readonly of: CodesOf;
  readonly summary: CodeSummary;
  readonly causes: CodesOverview['causes'];
  readonly data: HeatMapData;
  readonly onPrompt: (promptId: number) => void;
}

const TOP_PROMPTS = 12;
const LEAST_SHARE = 0.005;

/** One code: how much it carries, where, and for which prompts. */
export function CodeDetail({ of, summary, causes, data, onPrompt }: Props) {
  const { code, share, first, dead, sources, keywords } = summary;
  return (
    <>
      <div>
        <div className="row">
          <h2 className={css.title}>
            <CodeSwatch code={code} label={`Code ${code}`} /> {dead && <Chip tone="warn">dead</Chip>}
          </h2>
          <span className="grow" />
          <Button
            size="compact-xs"
            title="Answers in the Playground with this code alone"
            onClick={() => navigate('playground', { run: String(of.runId), code: String(code) })}
          >
            Try it
          </Button>
        </div>
        <p className="small muted num" style={{ margin: '2px 0 0' }}>
          {formatShare(share)} of all mass · strongest for {plural(first, 'prompt')} of{' '}
          {plural(data.rows, 'prompt')}
        </p>
      </div>
      {keywords.length > 0 && (
        <PaneSection label="Words of its prompts">
          <div className="row" style={{ flexWrap: 'wrap', gap: 'var(--s1)' }}>
            {keywords.map((word) => (
              <Chip key={word}>{word}</Chip>
            ))}
          </div>
        </PaneSection>
      )}
      <PaneSection label="Sources of its mass">
        <SourceMix code={code} sources={sources} />
      </PaneSection>
      <CodeEffects code={code} causes={causes} />
      <PaneSection label="Weight over prompts">
        <WeightHistogram code={code} weights={codeWeights(data, code)} />
      </PaneSection>
      <PaneSection label="Top prompts">
        <TopPrompts of={of} code={code} onPrompt={onPrompt} />
      </PaneSection>
    </>
  );
}

/** Sources that carry at least half a percent; the rest in one line. */
function SourceMix({ code, sources }: Pick<CodeSummary, 'code' | 'sources'>) {
  const scheme = useColourScheme();
  const shown = sources.filter(({ share }) => share >= LEAST_SHARE);
  const rest = sources.length - shown.length;
  return (
    <div className={css.bars}>
      {shown.map(({ source, share }) => (
        <div key={source} className={css.source}>
          <span className="ellipsis" title={source}>
            {source}
          </span>
          <span className={css.bar} aria-hidden="true">
            <i style={{ width: `${share * 100}%`, background: codeColour(code, scheme) }} />
          </span>
          <span className={`num muted ${css.number}`}>{formatShare(share, 0)}</span>
        </div>
      ))}
      {rest > 0 && (
        <span className="small muted num">
          {rest === 1 ? 'one other source' : `${rest} other sources`}, under 0.5 % each
        </span>
      )}
    </div>
  );
}

function TopPrompts({ of, code, onPrompt }: Pick<Props, 'of' | 'onPrompt'> & { code: number }) {
  const scheme = useColourScheme();
  const { data, error, refetch } = useQuery(
    api.codes.topPrompts.queryOptions({ input: { ...of, code, limit: TOP_PROMPTS } }),
  );
  if (error) return <ErrorCard error={error} onRetry={() => void refetch()} />;
  if (!data) return <span className="small muted">Reading…</span>;
  return (
    <ol className={css.prompts}>
      {data.map(({ promptId, text, source, weight }) => (
        <li key={promptId}>
          <button
            type="button"
            className={css.prompt}
            title={`${source}: ${text}`}
            onClick={() => onPrompt(promptId)}
          >
            <span className="ellipsis">{text}</span>
            <span className={`num muted ${css.number}`}>{weight.toFixed(2)}</span>
            <span className={css.bar} aria-hidden="true">
              <i style={{ width: `${weight * 100}%`, background: codeColour(code, scheme) }} />
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
