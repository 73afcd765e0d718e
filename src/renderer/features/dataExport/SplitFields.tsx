import { NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { hasCodes } from '../codes/whyNoCodes.ts';
import css from './dataExport.module.css';
import type { Draft, problemsOf } from './draft.ts';

interface Props {
  readonly draft: Draft;
  readonly set: (changes: Partial<Draft>) => void;
  readonly problems: ReturnType<typeof problemsOf>;
}

/** A second file of held-out prompts, and the run whose codes the card describes. */
export function SplitFields({ draft, set, problems }: Props) {
  const runs = useQuery(api.runs.list.queryOptions());
  const withCodes = (runs.data ?? []).filter(hasCodes);
  return (
    <div className={css.fields}>
      <TextInput
        label="Prompts for a test file, %"
        description="0 for one file"
        inputMode="decimal"
        value={draft.test}
        error={problems.test}
        onChange={({ currentTarget }) => set({ test: currentTarget.value })}
      />
      <TextInput
        label="Seed of the split"
        description="The same prompts as in a run with it"
        inputMode="numeric"
        value={draft.seed}
        error={problems.seed}
        disabled={Number(draft.test) === 0}
        onChange={({ currentTarget }) => set({ seed: currentTarget.value })}
      />
      {withCodes.length > 0 && (
        <NativeSelect
          label="Codes in the card"
          description="Which the prompts cover"
          value={draft.runId ?? ''}
          onChange={({ currentTarget }) =>
            set({ runId: currentTarget.value === '' ? null : Number(currentTarget.value) })
          }
          data={[
            { value: '', label: 'None' },
            ...withCodes.map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
        />
      )}
    </div>
  );
}
