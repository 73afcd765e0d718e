import { Button } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DuplicateGroup, DuplicateSummary } from '#shared/dataEntities.ts';
import type { DuplicateKind } from '#shared/library.ts';
import { api } from '../../api/client.ts';
import { Chip } from '../../components/Chip.tsx';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { Loading } from '../../components/Loading.tsx';
import { formatCount, plural } from '../../format.ts';
import css from './duplicates.module.css';
import { keepOne, useDuplicates } from './store.ts';

const GROUPS_A_PAGE = 25;

/** The groups of a kind, the largest first, a page at a time. */
export function GroupList({ summary }: { readonly summary: DuplicateSummary }) {
  const kind = useDuplicates((state) => state.kind);
  return <Pages key={kind} kind={kind} total={summary.counts[kind].groups} />;
}

function Pages({ kind, total }: { readonly kind: DuplicateKind; readonly total: number }) {
  const [from, setFrom] = useState(0);
  const groups = useQuery(
    api.data.duplicateGroups.queryOptions({
      input: { kind, from, limit: GROUPS_A_PAGE },
      placeholderData: keepPreviousData,
    }),
  );
  if (total === 0) return <p className="muted">No {kind} are alike.</p>;
  if (groups.error !== null) return <ErrorCard error={groups.error} onRetry={() => void groups.refetch()} />;
  if (groups.data === undefined) return <Loading label="Reading groups…" />;
  return (
    <>
      {groups.data.map((group) => (
        <Group key={group.number} kind={kind} group={group} />
      ))}
      {total > GROUPS_A_PAGE && (
        <div className="row">
          <Button disabled={from === 0} onClick={() => setFrom(from - GROUPS_A_PAGE)}>
            Larger ones
          </Button>
          <span className="small muted num">
            {formatCount(from + 1)} to {formatCount(Math.min(total, from + GROUPS_A_PAGE))} of{' '}
            {formatCount(total)} groups
          </span>
          <Button disabled={from + GROUPS_A_PAGE >= total} onClick={() => setFrom(from + GROUPS_A_PAGE)}>
            Smaller ones
          </Button>
        </div>
      )}
    </>
  );
}

const more = (kind: DuplicateKind, text: string | null): string | null =>
  text === null ? null : kind === 'replies' ? `to: ${text}` : text;

function Group({ kind, group }: { readonly kind: DuplicateKind; readonly group: DuplicateGroup }) {
  const { number, size, members } = group;
  const inUse = members.filter(({ pairs }) => pairs > 0).length;
  const title = `${formatCount(size)} ${kind} alike`;
  return (
    <section className={`card ${css.group}`} aria-label={`${title}, group ${number + 1}`}>
      <div className="row">
        <h2>{title}</h2>
        <span className="grow" />
        {inUse < 2 && size === members.length ? (
          <Chip tone="good">one is kept</Chip>
        ) : (
          <Button size="xs" onClick={() => void keepOne(number, null)}>
            Keep the first
          </Button>
        )}
      </div>
      <ul className={css.members}>
        {members.map(({ itemId, similarity, text, more: beside, pairs }) => (
          <li key={itemId} data-out={pairs === 0 || undefined}>
            <span className="num small muted">{similarity.toFixed(2)}</span>
            <span className={css.text}>
              {text}
              {more(kind, beside) !== null && <span className="small muted">{more(kind, beside)}</span>}
            </span>
            <span className="num small muted">{pairs === 0 ? 'excluded' : plural(pairs, 'pair')}</span>
            {pairs > 0 && inUse > 1 ? (
              <Button
                size="xs"
                variant="subtle"
                aria-label={`Keep this one: ${text.slice(0, 60)}`}
                onClick={() => void keepOne(number, itemId)}
              >
                Keep this one
              </Button>
            ) : (
              <span />
            )}
          </li>
        ))}
      </ul>
      {size > members.length && (
        <p className="small muted num">and {formatCount(size - members.length)} more</p>
      )}
    </section>
  );
}
