import { Button } from '@mantine/core';
import { definedFailure } from '#shared/definedFailure.ts';
import type { Run } from '#shared/entities.ts';
import { FailureCard } from '../../components/FailureCard.tsx';
import { formatBytes, formatCount } from '../../format.ts';
import type { RunTrace } from './runTrace.ts';
import { SuggestionLink } from './SuggestionLink.tsx';
import css from './train.module.css';
import type { RunActions } from './useRunActions.ts';

interface Props {
  readonly run: Run;
  readonly trace: RunTrace;
}

/** A run that had no memory left goes on with a smaller budget. */
function ResumeSmaller({ run, actions }: { readonly run: Run; readonly actions: RunActions }) {
  const suggestion = run.failure?.suggestion;
  if (run.state !== 'paused' || suggestion?.field !== 'tokenBudget') return null;
  const { pending, otherBusy, resume } = actions;
  return (
    <Button
      variant="filled"
      loading={pending.resume}
      disabled={otherBusy}
      onClick={() => resume(Number(suggestion.value))}
    >
      Resume with {suggestion.label}
    </Button>
  );
}

/** What must not be overlooked: a failure, and an engine that is not the one asked for. */
export function RunAlerts({ run, trace, actions }: Props & { readonly actions: RunActions }) {
  const fallback = trace.engine?.fallback ?? run.engineFallback;
  return (
    <>
      {run.failure && <FailureCard failure={definedFailure(run.failure)} />}
      {run.failure?.suggestion && (
        <div className={css.remedies}>
          <ResumeSmaller run={run} actions={actions} />
          <SuggestionLink run={run} suggestion={run.failure.suggestion} />
        </div>
      )}
      {fallback && (
        <section className={`card ${css.panel} ${css.notice}`} role="status" aria-label="Other engine">
          <b>
            Computed by {trace.engine?.engine ?? run.engine}, not by {run.config.engine} as asked.
          </b>
          <p className="small muted">{fallback}</p>
        </section>
      )}
    </>
  );
}

/** What was said on the way, and what was written. */
export function RunNotes({ run, trace }: Props) {
  if (trace.notes.length === 0 && trace.checkpoints.length === 0 && run.note === '') return null;
  return (
    <section className={`card ${css.panel}`} aria-label="Notes">
      <h2>Notes</h2>
      {run.note !== '' && <p style={{ whiteSpace: 'pre-wrap' }}>{run.note}</p>}
      {trace.notes.map((note) => (
        <p key={note} className="small muted">
          {note}
        </p>
      ))}
      {trace.checkpoints.map(({ kind, step, path, bytes, sha256 }) => (
        <p key={kind} className="small muted" style={{ overflowWrap: 'anywhere' }}>
          {kind === 'best' ? 'Best' : 'Last'} checkpoint, step {formatCount(step)}, {formatBytes(bytes)},
          sha256 <span className="mono">{sha256.slice(0, 12)}</span>, in <span className="mono">{path}</span>
        </p>
      ))}
      <p className="small faint">
        Seed {run.config.seed}, built by Facet {run.codeVersion}
      </p>
    </section>
  );
}
