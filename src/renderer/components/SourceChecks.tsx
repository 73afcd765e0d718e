import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Source } from '#shared/entities.ts';
import { api } from '../api/client.ts';
import { formatCount } from '../format.ts';

interface Props {
  readonly label: string;
  /** Null is every source, those to come included. */
  readonly sourceIds: readonly number[] | null;
  readonly onSourceIds: (sourceIds: readonly number[] | null) => void;
}

/** Any number of the project's sources; nothing where there is only one. */
export function SourceChecks({ label, sourceIds, onSourceIds }: Props) {
  const sources = useQuery(api.library.sources.queryOptions()).data ?? [];
  if (sources.length < 2) return null;
  const chosen = (source: Source) => sourceIds?.includes(source.id) ?? true;
  const toggle = (source: Source) => {
    const ids = sources
      .filter((other) => (other.id === source.id ? !chosen(other) : chosen(other)))
      .map(({ id }) => id);
    onSourceIds(ids.length === sources.length ? null : ids);
  };
  return (
    <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
      <legend className="visually-hidden">{label}</legend>
      <div className="row" style={{ flexWrap: 'wrap', gap: 'var(--s2) var(--s4)' }}>
        <span className="muted" aria-hidden="true">
          {label}
        </span>
        {sources.map((source) => (
          <Checkbox
            key={source.id}
            checked={chosen(source)}
            label={`${source.name} (${formatCount(source.pairs)})`}
            onChange={() => toggle(source)}
          />
        ))}
      </div>
    </fieldset>
  );
}
