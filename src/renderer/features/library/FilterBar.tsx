import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { PairFilter } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { Chip } from '../../components/Chip.tsx';
import { SubBar } from '../../components/ScreenBar.tsx';
import { formatCount } from '../../format.ts';
import { ImportProgress } from './ImportProgress.tsx';
import { SetAside } from './SetAside.tsx';
import type { useFilter } from './useFilter.ts';

const statuses = [
  ['all', 'All'],
  ['unlabelled', 'Unlabelled'],
  ['labelled', 'Labelled'],
  ['skipped', 'Skipped'],
] as const satisfies ReadonlyArray<readonly [PairFilter['status'], string]>;

interface Props {
  readonly filterState: ReturnType<typeof useFilter>;
  readonly counts: Record<PairFilter['status'], number> | undefined;
}

export function FilterBar({ filterState: { filter, setStatus, setSourceId }, counts }: Props) {
  const sources = useQuery(api.library.sources.queryOptions());
  return (
    <SubBar label="Filters">
      {statuses.map(([status, label]) => (
        <Chip
          key={status}
          tone={filter.status === status ? 'accent' : 'plain'}
          pressed={filter.status === status}
          onClick={() => setStatus(status)}
        >
          {label} {counts === undefined ? '' : formatCount(counts[status])}
        </Chip>
      ))}
      {(sources.data?.length ?? 0) > 0 && (
        <NativeSelect
          size="xs"
          aria-label="Source"
          value={filter.sourceId ?? ''}
          onChange={(event) =>
            setSourceId(event.currentTarget.value === '' ? null : Number(event.currentTarget.value))
          }
          data={[
            { value: '', label: 'All sources' },
            ...(sources.data ?? []).map(({ id, name, pairs }) => ({
              value: String(id),
              label: `${name} · ${formatCount(pairs)}`,
            })),
          ]}
        />
      )}
      <SetAside />
      <span className="grow" />
      <ImportProgress />
    </SubBar>
  );
}
