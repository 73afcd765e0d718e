import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../api/client.ts';
import { ErrorCard } from '../FailureCard.tsx';
import { Loading } from '../Loading.tsx';
import { abridged, type ChangedPart, changedParts } from './changedParts.ts';
import css from './guidelines.module.css';

interface Props {
  /** Numbers of two versions. */
  readonly before: number;
  readonly after: number;
}

const useText = (number: number) =>
  useQuery(api.guidelines.text.queryOptions({ input: { number }, staleTime: Number.POSITIVE_INFINITY }));

/** What changed in the guidelines from one version to another: what went is struck out, what came is marked. */
export function GuidelineChanges({ before, after }: Props) {
  const [old, fresh] = [useText(before), useText(after)];
  const parts = useMemo(
    () =>
      old.data === undefined || fresh.data === undefined
        ? null
        : keyed(abridged(changedParts(old.data, fresh.data))),
    [old.data, fresh.data],
  );
  const error = old.error ?? fresh.error;
  if (error !== null) return <ErrorCard error={error} />;
  if (parts === null) return <Loading label="Reading both versions…" />;
  return (
    <p className={css.changes}>
      {parts.map(({ key, kind, text }) =>
        kind === 'same' ? (
          <span key={key}>{text}</span>
        ) : kind === 'removed' ? (
          <del key={key}>{text}</del>
        ) : (
          <ins key={key}>{text}</ins>
        ),
      )}
    </p>
  );
}

/** Named by where each begins. */
function keyed(parts: readonly ChangedPart[]): (ChangedPart & { readonly key: string })[] {
  let at = 0;
  return parts.map((part) => {
    const key = `${part.kind}:${at}`;
    at += part.text.length;
    return { ...part, key };
  });
}
