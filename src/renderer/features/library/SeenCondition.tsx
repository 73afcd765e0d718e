import { Checkbox, MultiSelect } from '@mantine/core';
import type { FilterChoices } from '#shared/library.ts';
import { setConditions, useLibraryView } from './libraryView.ts';

interface Props {
  readonly people: FilterChoices['people'];
}

/** Whose desk a pair was on, whatever they said of it. */
export function SeenCondition({ people }: Props) {
  const seen = useLibraryView((view) => view.where.seen);
  const by = seen?.by ?? [];
  return (
    <>
      <MultiSelect
        comboboxProps={{ withinPortal: false }}
        size="xs"
        label="Seen by"
        placeholder={by.length > 0 ? '' : 'Anybody or nobody'}
        searchable
        limit={200}
        data={people.flatMap(({ id, name, kind }) =>
          kind === 'person' ? [{ value: String(id), label: name }] : [],
        )}
        value={by.map(String)}
        onChange={(ids) =>
          setConditions({ seen: ids.length === 0 ? undefined : { ...seen, by: ids.map(Number) } })
        }
      />
      <Checkbox
        size="xs"
        label="and nothing said of it"
        disabled={by.length === 0}
        checked={seen?.unsaid === true}
        onChange={(event) =>
          setConditions({ seen: { by, unsaid: event.currentTarget.checked || undefined } })
        }
      />
    </>
  );
}
