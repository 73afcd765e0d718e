import { NativeSelect } from '@mantine/core';
import type { LabelRule } from '#shared/dataEntities.ts';
import css from './dataExport.module.css';
import type { Draft } from './draft.ts';

interface Props {
  readonly draft: Draft;
  readonly set: (changes: Partial<Draft>) => void;
  readonly people: readonly string[];
  /** The shape has one preferred reply a row. */
  readonly prefers: boolean;
}

const RULES: readonly { readonly value: LabelRule; readonly label: string }[] = [
  { value: 'majority', label: 'The majority’s' },
  { value: 'weighted', label: 'Weighted by agreement' },
  { value: 'consensus', label: 'Consensus (Dawid–Skene)' },
  { value: 'adjudicated', label: 'Adjudicated' },
  { value: 'all', label: 'A row for each person' },
];
const NEITHER = [
  { value: 'leave-out', label: 'Left out' },
  { value: 'both-ways', label: 'A row each way' },
];

/** Whose labels, and what becomes of several and of those that prefer neither reply. */
export function LabelFields({ draft, set, people, prefers }: Props) {
  return (
    <div className={css.fields}>
      <NativeSelect
        label="Labels of"
        value={draft.annotator}
        onChange={({ currentTarget }) => set({ annotator: currentTarget.value })}
        data={[{ value: '', label: 'Everybody' }, ...people]}
      />
      {prefers && (
        <>
          <NativeSelect
            label="Where several people labelled"
            value={draft.labels}
            onChange={({ currentTarget }) => set({ labels: currentTarget.value as LabelRule })}
            data={[...RULES]}
          />
          {draft.labels === 'adjudicated' && (
            <NativeSelect
              label="Who decides"
              value={draft.adjudicator}
              onChange={({ currentTarget }) => set({ adjudicator: currentTarget.value })}
              data={[{ value: '', label: 'Adjudicators, where they have settled it' }, ...people]}
            />
          )}
          <NativeSelect
            label="Ties"
            value={draft.ties}
            onChange={({ currentTarget }) => set({ ties: currentTarget.value as Draft['ties'] })}
            data={NEITHER}
          />
          <NativeSelect
            label="Both bad"
            value={draft.bothBad}
            onChange={({ currentTarget }) => set({ bothBad: currentTarget.value as Draft['bothBad'] })}
            data={NEITHER}
          />
        </>
      )}
    </div>
  );
}
