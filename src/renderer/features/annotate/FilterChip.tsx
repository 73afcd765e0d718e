import { useQuery } from '@tanstack/react-query';
import type { PairFilter } from '#shared/entities.ts';
import { api } from '../../api/client.ts';
import { Chip } from '../../components/Chip.tsx';
import { conditionWords, namesPeople } from '../library/conditionWords.ts';

interface Props {
  readonly filter: PairFilter;
  readonly onLeave: () => void;
}

/** The Library filter in which one labels; a press leaves it. */
export function FilterChip({ filter: { text, sourceId, status, where = {} }, onLeave }: Props) {
  const sources = useQuery({ ...api.library.sources.queryOptions(), enabled: sourceId !== null });
  const people = useQuery({ ...api.library.choices.queryOptions(), enabled: namesPeople(where) });
  const source = sources.data?.find(({ id }) => id === sourceId)?.name;
  const words = [
    text === '' ? null : `“${text}”`,
    sourceId === null ? null : (source ?? `source ${sourceId}`),
    status === 'all' ? null : status,
    ...conditionWords(where, people.data?.people ?? []).map((condition) => condition.words),
  ].filter((word) => word !== null);
  return (
    <Chip tone="accent" title="Leave the filter and continue with the whole queue" onClick={onLeave}>
      {words.join(' · ')} ✕
    </Chip>
  );
}
