import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { CODE_GROUPS, type CodeGroup } from '#shared/codeSelection.ts';
import type { CodesOverview } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { ErrorCard } from '../../components/FailureCard.tsx';
import { formatCount } from '../../format.ts';
import { MatrixTable } from './MatrixTable.tsx';
import css from './matrix.module.css';
import { MEASURE_LABELS, MEASURES, type Measure, matrixCells, measuresOf } from './matrixCells.ts';
import type { CodesOf } from './useHeatMap.ts';

const GROUP_LABELS: Readonly<Record<CodeGroup, string>> = {
  source: 'by source',
  aspect: 'by aspect',
  tag: 'by tag',
  annotator: 'by annotator',
};
const NONE: Readonly<Record<CodeGroup, string>> = {
  source: 'No pair in use has codes.',
  aspect: 'No pair says which aspect it is about.',
  tag: 'No pair in use has a tag.',
  annotator: 'Nobody has decided a pair yet.',
};

interface Props {
  readonly of: CodesOf;
  readonly causes: CodesOverview['causes'];
  /** Codes from left to right. */
  readonly order: readonly number[];
  readonly selected: { readonly code: number; readonly by: CodeGroup; readonly group: string } | null;
  readonly onCell: (code: number, by: CodeGroup, group: string) => void;
}

/** Groups of pairs × codes; a cell leads to its pairs. */
export function MatrixPane({ of, causes, order, selected, onCell }: Props) {
  const [by, setBy] = useState<CodeGroup>(selected?.by ?? 'source');
  const [wanted, setWanted] = useState<Measure>('mean');
  const { data, error, refetch } = useQuery(api.codes.matrix.queryOptions({ input: { ...of, by } }));
  const measures = measuresOf(causes, by);
  const measure = measures.includes(wanted) ? wanted : 'mean';
  return (
    <>
      <div className={css.head}>
        <NativeSelect
          size="xs"
          aria-label="Groups"
          value={by}
          data={CODE_GROUPS.map((value) => ({ value, label: GROUP_LABELS[value] }))}
          onChange={({ currentTarget }) =>
            setBy(CODE_GROUPS.find((value) => value === currentTarget.value) ?? 'source')
          }
        />
        <NativeSelect
          size="xs"
          aria-label="What the cells show"
          value={measure}
          data={measures.map((value) => ({ value, label: MEASURE_LABELS[value] }))}
          onChange={({ currentTarget }) =>
            setWanted(MEASURES.find((value) => value === currentTarget.value) ?? 'mean')
          }
        />
        {data && data.others > 0 && (
          <span className="small muted num">
            the {data.groups.length} largest of {formatCount(data.groups.length + data.others)} groups
          </span>
        )}
      </div>
      {error ? (
        <ErrorCard error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <p className={`muted ${css.empty}`}>Counting…</p>
      ) : data.groups.length === 0 ? (
        <p className={`muted ${css.empty}`}>{NONE[by]}</p>
      ) : (
        <MatrixTable
          data={data}
          cells={matrixCells(data, order, measure, causes)}
          order={order}
          measure={measure}
          selected={selected?.by === by ? selected : null}
          onCell={(code, group) => onCell(code, by, group)}
        />
      )}
    </>
  );
}
