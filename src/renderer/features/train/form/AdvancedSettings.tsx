import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Suggestion } from '#core/result.ts';
import type { Model } from '#shared/entities.ts';
import { ADVANCED_GROUPS } from './advancedFields.ts';
import type { CheckedDraft, Draft, FieldName } from './draft.ts';
import { Fields } from './FieldInput.tsx';
import { type Field, shownFields } from './fields.ts';
import css from './form.module.css';

interface Props {
  readonly models: readonly Model[];
  readonly draft: Draft;
  readonly problems: CheckedDraft['problems'];
  readonly cautions: CheckedDraft['cautions'];
  readonly onText: (name: FieldName, text: string) => void;
  readonly onSuggestion: (suggestion: Suggestion) => void;
  readonly name: string;
  readonly onName: (name: string) => void;
}

const withModels = (field: Field, models: readonly Model[]): Field =>
  field.fromModels
    ? {
        ...field,
        choices: [
          ...(field.choices ?? []),
          ...models.filter(({ exists }) => exists).map((model) => ({ value: model.path, label: model.name })),
        ],
      }
    : field;

/** Every other setting, in groups; closed, it still says how many need mending. */
export function AdvancedSettings(props: Props) {
  const { models, draft, problems, cautions, onText, onSuggestion, name, onName } = props;
  const [open, setOpen] = useState(false);
  const groups = ADVANCED_GROUPS.map((group) => ({
    ...group,
    fields: shownFields(group.fields, draft).map((field) => withModels(field, models)),
  }));
  const all = groups.flatMap(({ fields }) => fields);
  const toMend = all.filter((field) => problems[field.name]).length;
  const toLookAt = all.filter((field) => !problems[field.name] && cautions[field.name]).length;
  return (
    <>
      <button type="button" className={css.disclosure} aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? '▾' : '▸'} Advanced settings
        {toMend > 0 && !open && `: ${toMend} to fix`}
        {toMend === 0 && toLookAt > 0 && !open && `: ${toLookAt} far from usual`}
      </button>
      {open && (
        <>
          {groups
            .filter(({ fields }) => fields.length > 0)
            .map((group) => (
              <section key={group.name} className={css.group} aria-label={group.name}>
                <h3>{group.name}</h3>
                <Fields
                  fields={group.fields}
                  draft={draft}
                  problems={problems}
                  cautions={cautions}
                  onText={onText}
                  onSuggestion={onSuggestion}
                />
              </section>
            ))}
          <TextInput
            label="Name of the run"
            placeholder="numbered automatically"
            maw="30rem"
            mt="lg"
            value={name}
            onChange={({ currentTarget }) => onName(currentTarget.value)}
          />
        </>
      )}
    </>
  );
}
