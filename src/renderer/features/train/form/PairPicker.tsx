import { Checkbox, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { PairSelection, Source } from '#shared/entities.ts';
import { api } from '../../../api/client.ts';
import { ErrorCard } from '../../../components/FailureCard.tsx';
import { formatCount, plural } from '../../../format.ts';
import styles from './form.module.css';

interface PairPickerProps {
  readonly selection: PairSelection;
  readonly onSelection: (selection: PairSelection) => void;
}

const SCOPES = [
  { value: 'people-then-imported', label: 'People’s verdicts, else the file’s label' },
  { value: 'people', label: 'People’s verdicts only' },
  { value: 'imported', label: 'The files’ labels only' },
] as const satisfies readonly { value: PairSelection['labels']; label: string }[];

/** Which pairs train: whose labels, from which sources, and how many that is now. */
export function PairPicker({ selection, onSelection }: PairPickerProps) {
  const sources = useQuery(api.library.sources.queryOptions()).data ?? [];
  const count = useQuery({
    ...api.runs.countPairs.queryOptions({ input: selection }),
    placeholderData: (before) => before,
  });
  const chosen = (source: Source) => selection.sourceIds?.includes(source.id) ?? true;
  const toggle = (source: Source) => {
    const ids = sources
      .filter((other) => (other.id === source.id ? !chosen(other) : chosen(other)))
      .map(({ id }) => id);
    onSelection({ ...selection, sourceIds: ids.length === sources.length ? null : ids });
  };
  return (
    <>
      <div className={styles.line}>
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
            </>
          ) : (
            <span className="muted">Counting…</span>
          )}
        </p>
      </div>
      {sources.length > 1 && (
        <div className={styles.line} style={{ marginTop: 'var(--s3)' }}>
          {sources.map((source) => (
            <Checkbox
              key={source.id}
              checked={chosen(source)}
              label={`${source.name} (${formatCount(source.pairs)})`}
              onChange={() => toggle(source)}
            />
          ))}
        </div>
      )}
      <ErrorCard error={count.error} />
    </>
  );
}
