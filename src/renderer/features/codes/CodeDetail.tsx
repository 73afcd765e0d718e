import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { CodeName, CodePage, CodeSummary, CodesOverview } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { WeightHistogram } from '../../charts/WeightHistogram.tsx';
import { Chip } from '../../components/Chip.tsx';
import { CodeSwatch } from '../../components/Code.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { PaneSection } from '../../components/SidePane.tsx';
import { formatCount, formatShare, plural } from '../../format.ts';
import { navigate } from '../../state/screen.ts';
import { codeColour } from '../../theme/codeColour.ts';
import { useColourScheme } from '../../theme/useColourScheme.ts';
import { CodeAnnotators } from './CodeAnnotators.tsx';
import { CodeEffects } from './CodeEffects.tsx';
import { CodeLabels } from './CodeLabels.tsx';
import { CodeNameForm } from './CodeNameForm.tsx';
import { CodePairs, labelledWords } from './CodePairs.tsx';
import { CodePrompts } from './CodePrompts.tsx';
import { CodeVocabulary } from './CodeVocabulary.tsx';
import css from './codes.module.css';
import type { CodesOf } from './useHeatMap.ts';

interface Props {
  readonly of: CodesOf;
  readonly summary: CodeSummary;
  readonly causes: CodesOverview['causes'];
  /** All with codes. */
  readonly prompts: number;
  readonly runName: string;
  readonly named: CodeName | undefined;
  readonly onPrompt: (promptId: number) => void;
}

const LEAST_SHARE = 0.005;

/** One code: how much it carries, where, and for which prompts. */
export function CodeDetail({ of, summary, causes, prompts, runName, named, onPrompt }: Props) {
  const { code, share, first, dead, sources, keywords } = summary;
  const page = useQuery(api.codes.page.queryOptions({ input: { ...of, code } }));
  return (
    <>
      <div>
        <div className="row">
          <h2 className={css.title}>
            <CodeSwatch code={code} label={named?.name || `Code ${code}`} /> {dead && <Chip>not in use</Chip>}
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
          {plural(prompts, 'prompt')}
        </p>
      </div>
      <CodeEffects code={code} causes={causes} />
      {page.data && <CodePairs of={of} code={code} runName={runName} page={page.data} />}
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
      {page.data && page.data.aspects.length > 0 && (
        <PaneSection label="Aspects of its pairs">
          <div className="row" style={{ flexWrap: 'wrap', gap: 'var(--s1)' }}>
            {page.data.aspects.map(({ aspect, pairs }) => (
              <Chip key={aspect}>
                {aspect} {formatCount(pairs)}
              </Chip>
            ))}
          </div>
        </PaneSection>
      )}
      <CodeLabels key={`labels ${of.runId} ${of.step} ${code}`} of={of} code={code} />
      {page.data && <CodeAnnotators page={page.data} />}
      {page.data && (
        <PaneSection label="Weight over prompts">
          <WeightHistogram code={code} counts={page.data.histogram} half={page.data.half} />
        </PaneSection>
      )}
      {page.error && <ErrorCard error={page.error} onRetry={() => void page.refetch()} />}
      {page.data && (
        <>
          <div hidden data-code-page={code} />
          <ReplyWords page={page.data} />
          <CodeVocabulary of={of} code={code} />
          <CodePrompts code={code} page={page.data} onPrompt={onPrompt} />
        </>
      )}
      <CodeNameForm
        key={`${of.runId} ${code} ${named ? 'named' : ''}`}
        runId={of.runId}
        code={code}
        named={named}
        keywords={keywords}
      />
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

/** Words that tell chosen replies of its pairs from rejected ones. */
function ReplyWords({ page }: { readonly page: CodePage }) {
  const { chosenWords, rejectedWords } = page;
  if (chosenWords.length === 0 && rejectedWords.length === 0) return null;
  const rows = [
    { label: 'chosen', words: chosenWords, tone: 'good' },
    { label: 'rejected', words: rejectedWords, tone: 'bad' },
  ] as const;
  return (
    <PaneSection label="Words of its replies">
      {rows.map(({ label, words, tone }) => (
        <div key={label} className="row" style={{ flexWrap: 'wrap', gap: 'var(--s1)' }}>
          <span className="small muted">{label}</span>
          {words.length === 0 ? (
            <span className="small muted">none stand out</span>
          ) : (
            words.map((word) => (
              <Chip key={word} tone={tone}>
                {word}
              </Chip>
            ))
          )}
        </div>
      ))}
      <span className="small muted num">{labelledWords(page)}</span>
    </PaneSection>
  );
}
