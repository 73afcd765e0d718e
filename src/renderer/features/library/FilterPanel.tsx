import { Button, Group, MultiSelect, NumberInput, Select, TagsInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { languageName } from '#core/languageName.ts';
import type { Conditions, DuplicateKind } from '#shared/library.ts';
import { api } from '../../api/client.ts';
import { formatCount } from '../../format.ts';
import { DISAGREEMENTS, DUPLICATE_NAMES, FLAGGED, SHOWN, VERDICT_NAMES } from './conditionWords.ts';
import { FieldCondition } from './FieldCondition.tsx';
import { LengthCondition } from './LengthCondition.tsx';
import css from './library.module.css';
import { setConditions, useLibraryView } from './libraryView.ts';
import { SeenCondition } from './SeenCondition.tsx';

const options = (names: Readonly<Record<string, string>>) =>
  Object.entries(names).map(([value, label]) => ({ value, label }));
const inside = { comboboxProps: { withinPortal: false } } as const;
const figure = (value: string | number): number | undefined =>
  typeof value === 'number' ? value : undefined;

function duplicatesOf(chosen: string | null): Conditions['duplicates'] {
  if (chosen === null) return undefined;
  const [kind, which] = chosen.split(' ') as [DuplicateKind, 'any' | 'others'];
  return { kind, which };
}

/** What pairs must be: each field narrows the table at once. */
export function FilterPanel({ onClear }: { readonly onClear: () => void }) {
  const where = useLibraryView((view) => view.where);
  const choices = useQuery(api.library.choices.queryOptions());
  const scan = useQuery(api.data.duplicateSummary.queryOptions());
  const tags = useQuery(api.library.tags.queryOptions());
  const { min, max } = where.margin ?? {};
  return (
    <div className={css.filters}>
      <Select
        {...inside}
        size="xs"
        label="Show"
        placeholder="Pairs in use"
        clearable
        data-autofocus
        data={options(SHOWN)}
        value={where.shown ?? null}
        onChange={(shown) => setConditions({ shown: (shown as keyof typeof SHOWN | null) ?? undefined })}
      />
      <MultiSelect
        {...inside}
        size="xs"
        label="Tags"
        placeholder={where.tags?.length ? '' : 'Any'}
        data={(tags.data ?? []).map(({ name }) => name)}
        value={where.tags ?? []}
        onChange={(names) => setConditions({ tags: names })}
      />
      <MultiSelect
        {...inside}
        size="xs"
        label="Verdict"
        placeholder={where.verdicts?.length ? '' : 'Any'}
        data={options(VERDICT_NAMES)}
        value={where.verdicts ?? []}
        onChange={(verdicts) => setConditions({ verdicts: verdicts as (keyof typeof VERDICT_NAMES)[] })}
      />
      <MultiSelect
        {...inside}
        size="xs"
        label="Decided by"
        placeholder={where.annotators?.length ? '' : 'Anybody or nobody'}
        searchable
        limit={200}
        data={(choices.data?.people ?? []).map(({ id, name, kind }) => ({
          value: String(id),
          label: kind === 'person' ? name : `${name} (in a file)`,
        }))}
        value={(where.annotators ?? []).map(String)}
        onChange={(ids) => setConditions({ annotators: ids.map(Number) })}
      />
      <SeenCondition people={choices.data?.people ?? []} />
      <Select
        {...inside}
        size="xs"
        label="Disagreement"
        placeholder="Any"
        clearable
        data={options(DISAGREEMENTS)}
        value={where.disagreement ?? null}
        onChange={(kind) =>
          setConditions({ disagreement: (kind as keyof typeof DISAGREEMENTS | null) ?? undefined })
        }
      />
      <Select
        {...inside}
        size="xs"
        label="Flag"
        placeholder="Any"
        clearable
        data={options({ flagged: FLAGGED })}
        value={where.flagged ? 'flagged' : null}
        onChange={(chosen) => setConditions({ flagged: chosen === null ? undefined : true })}
      />
      <Select
        {...inside}
        size="xs"
        label="Near-duplicates"
        placeholder={scan.data === null ? 'Search for them in Duplicates first' : 'Any'}
        disabled={!scan.data && !where.duplicates}
        clearable
        data={options(DUPLICATE_NAMES)}
        value={where.duplicates ? `${where.duplicates.kind} ${where.duplicates.which}` : null}
        onChange={(chosen) => setConditions({ duplicates: duplicatesOf(chosen) })}
      />
      <TagsInput
        {...inside}
        size="xs"
        label="Codes"
        placeholder={where.codes?.length ? '' : 'Any; numbers'}
        value={(where.codes ?? []).map(String)}
        onChange={(codes) =>
          setConditions({ codes: codes.map(Number).filter((code) => Number.isInteger(code) && code >= 0) })
        }
      />
      <Group grow gap="xs">
        <NumberInput
          size="xs"
          label="Margin from"
          value={min ?? ''}
          onChange={(value) => setConditions({ margin: { ...where.margin, min: figure(value) } })}
        />
        <NumberInput
          size="xs"
          label="to"
          aria-label="Margin to"
          value={max ?? ''}
          onChange={(value) => setConditions({ margin: { ...where.margin, max: figure(value) } })}
        />
      </Group>
      <LengthCondition />
      <MultiSelect
        {...inside}
        size="xs"
        label="Language of the prompt"
        placeholder={where.languages?.length ? '' : 'Any'}
        data={(choices.data?.languages ?? []).map(({ code, pairs }) => ({
          value: code,
          label: `${languageName(code)} · ${formatCount(pairs)}`,
        }))}
        value={where.languages ?? []}
        onChange={(languages) => setConditions({ languages })}
      />
      <FieldCondition fields={choices.data?.fields ?? []} />
      <Button size="xs" onClick={onClear}>
        Clear all conditions
      </Button>
    </div>
  );
}
