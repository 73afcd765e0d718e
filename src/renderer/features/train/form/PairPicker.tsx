import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { PairSelection } from '#shared/entities.ts';
import { api } from '../../../api/client.ts';
import { ErrorCard } from '../../../components/FailureCard.tsx';
import { SourceChecks } from '../../../components/SourceChecks.tsx';
import { plural } from '../../../format.ts';
import css from './form.module.css';

interface Props {
  readonly selection: PairSelection;
  readonly onSelection: (selection: PairSelection) => void;
  /** Whether the objective learns from replies with a label of their own too. */
  readonly withSingles: boolean;
}

const SCOPES = [
  { value: 'people-then-imported', label: 'People’s verdicts, else the file’s label' },
  { value: 'consensus', label: 'The consensus of those who labelled (Dawid–Skene)' },
  { value: 'people', label: 'People’s verdicts only' },
  { value: 'imported', label: 'The files’ labels only' },
] as const satisfies readonly { value: PairSelection['labels']; label: string }[];

/** Replies with a label of their own: that they train, or what would read them. */
function SingleLabels({ count, train }: { readonly count: number; readonly train: boolean }) {
  if (count === 0) return null;
  if (!train)
    return (
      <span className="muted">
        ; {plural(count, 'reply', 'replies')} with a label of its own: KTO trains on them
      </span>
    );
  return (
    <>
      {' and '}
      <b>{plural(count, 'reply', 'replies')}</b> <span className="muted">with a label of its own</span>
    </>
  );
}

/** Which pairs train: whose labels, from which sources, and how many that is now. */
export function PairPicker({ selection, onSelection, withSingles }: Props) {
  const count = useQuery({
    ...api.runs.countPairs.queryOptions({ input: selection }),
    placeholderData: (before) => before,
  });
  return (
    <>
      <div className={css.line}>
        <NativeSelect
          style={{ minWidth: '20rem' }}
          label="Labels"
          description="Ties, skips and pairs judged both bad never train."
          value={selection.labels}
          data={[...SCOPES]}
          onChange={({ currentTarget }) => {
            const scope = SCOPES.find(({ value }) => value === currentTarget.value);
            if (scope) onSelection({ ...selection, labels: scope.value });
          }}
        />
        <p className="num" style={{ margin: 0 }} aria-live="polite">
          {count.data ? (
            <>
              <b>{plural(count.data.pairs, 'pair')}</b>{' '}
              <span className="muted">from {plural(count.data.prompts, 'prompt')}</span>
              <SingleLabels count={count.data.singles} train={withSingles} />
              {count.data.setAside > 0 && (
                <span className="muted">; {plural(count.data.setAside, 'unreadable pair')} set aside</span>
              )}
            </>
          ) : (
            <span className="muted">Counting…</span>
          )}
        </p>
      </div>
      <div style={{ marginTop: 'var(--s3)' }}>
        <SourceChecks
          label="Sources"
          sourceIds={selection.sourceIds}
          onSourceIds={(ids) => onSelection({ ...selection, sourceIds: ids === null ? null : [...ids] })}
        />
      </div>
      <ErrorCard error={count.error} />
    </>
  );
}
