import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { PairFilter } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { Chip } from '../../components/Chip.tsx';
import { SubBar } from '../../components/ScreenBar.tsx';
import { formatCount } from '../../format.ts';
import { navigate } from '../../state/screen.ts';
import { conditionWords, namesPeople } from './conditionWords.ts';
import { FiguresChoice } from './FiguresChoice.tsx';
import { ImportProgress } from './ImportProgress.tsx';
import { setConditions, setFilter, useLibraryView } from './libraryView.ts';
import { SetAside } from './SetAside.tsx';
import { type MenuName, TableMenus } from './TableMenus.tsx';

const statuses = [
  ['all', 'All'],
  ['unlabelled', 'Unlabelled'],
  ['labelled', 'Labelled'],
  ['skipped', 'Skipped'],
] as const satisfies ReadonlyArray<readonly [PairFilter['status'], string]>;

interface Props {
  readonly blind: boolean;
  readonly counts: Record<PairFilter['status'], number> | undefined;
  readonly menu: MenuName | null;
  readonly onMenu: (menu: MenuName | null) => void;
}

export function FilterBar({ blind, counts, menu, onMenu }: Props) {
  const shown = useLibraryView((view) => view.status);
  const sourceId = useLibraryView((view) => view.sourceId);
  const where = useLibraryView((view) => view.where);
  const sources = useQuery(api.library.sources.queryOptions());
  const people = useQuery({ ...api.library.choices.queryOptions(), enabled: namesPeople(where) });
  return (
    <SubBar label="Filters">
      {statuses.map(([status, label]) => (
        <Chip
          key={status}
          tone={shown === status ? 'accent' : 'plain'}
          pressed={shown === status}
          onClick={() => setFilter({ status })}
        >
          {label} {counts === undefined ? '' : formatCount(counts[status])}
        </Chip>
      ))}
      {(sources.data?.length ?? 0) > 0 && (
        <NativeSelect
          size="xs"
          aria-label="Source"
          value={sourceId ?? ''}
          onChange={(event) =>
            setFilter({
              sourceId: event.currentTarget.value === '' ? null : Number(event.currentTarget.value),
            })
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
      {conditionWords(where, people.data?.people ?? []).map(({ words, without }) => (
        <Chip
          key={words}
          tone="accent"
          title="Take this condition away"
          onClick={() => setConditions(without)}
        >
          {words} ✕
        </Chip>
      ))}
      <SetAside />
      {blind && (
        <Chip
          onClick={() => navigate('settings')}
          title="Labels, other people’s verdicts, codes and margins of a pair are hidden until you have decided it. Settings change that."
        >
          Blind
        </Chip>
      )}
      <span className="grow" />
      <ImportProgress />
      <FiguresChoice />
      <TableMenus open={menu} onOpen={onMenu} blind={blind} />
    </SubBar>
  );
}
