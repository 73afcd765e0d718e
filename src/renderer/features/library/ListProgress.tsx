import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { PairFilter } from '#shared/entities.ts';
import type { Sort } from '#shared/library.ts';
import { api } from '../../api/client.ts';
import { ProgressLine } from '../../components/ProgressLine.tsx';
import { columnsOf } from './columns.tsx';
import css from './library.module.css';

/** Quick answers don't flicker. */
const AFTER_MS = 300;
const ASK_EVERY_MS = 250;

interface Props {
  readonly filter: PairFilter;
  readonly sort: Sort | null;
  readonly blind: boolean;
  /** Back to the list that was shown before; null where there was none. */
  readonly onCancel: (() => void) | null;
}

/** How far the making of a list is, over its first lines, with the way back. Mounted while one waits for its rows. */
export function ListProgress({ filter, sort, blind, onCancel }: Props) {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const progress = useQuery(
    api.library.progress.queryOptions({
      input: { ...filter, sort },
      enabled: isLate,
      refetchInterval: ASK_EVERY_MS,
      gcTime: 0,
    }),
  );
  const share = progress.data?.share ?? null;
  if (!isLate || share === null) return null;
  const what = wordsOf(sort, blind);
  return (
    <div className={css.progress} role="status">
      <span className="small">
        {what}… <span className="num">{Math.floor(100 * share)} %</span>
      </span>
      <ProgressLine value={share} label={what} />
      {onCancel && (
        <Button size="compact-xs" onClick={onCancel}>
          Cancel
        </Button>
      )}
    </div>
  );
}

function wordsOf(sort: Sort | null, blind: boolean): string {
  if (sort === null || sort.column === 'added') return 'Looking through the pairs';
  const [column] = columnsOf([sort.column], blind);
  return `Putting the pairs in order by ${column?.label ?? 'that column'}`;
}
