import { NativeSelect, Switch } from '@mantine/core';
import { OBJECTIVE_FACTS, OBJECTIVES } from '#core/methods.ts';
import type { Draft } from './draft.ts';
import css from './form.module.css';
import { PRESETS, presetOf, withObjective, withPreset } from './presets.ts';

interface Props {
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
}

const OBJECTIVE_CHOICES = OBJECTIVES.map((value) => {
  const { name, readsReference } = OBJECTIVE_FACTS[value];
  return { value, label: readsReference ? name : `${name}, no reference` };
});

export function ObjectivePicker({ draft, onDraft }: Props) {
  return (
    <div className={css.line}>
      <NativeSelect
        aria-label="Objective"
        value={draft.texts.objective}
        data={[...OBJECTIVE_CHOICES]}
        onChange={({ currentTarget }) => {
          const choice = OBJECTIVE_CHOICES.find(({ value }) => value === currentTarget.value);
          if (choice) onDraft(withObjective(draft, choice.value));
        }}
      />
      <Switch
        label="With latent codes (LPC)"
        checked={draft.latent}
        onChange={({ currentTarget }) => onDraft({ ...draft, latent: currentTarget.checked })}
      />
    </div>
  );
}

/** Ready-made settings; the one in force is marked until a setting is changed by hand. */
export function PresetPicker({ draft, onDraft }: Props) {
  const current = presetOf(draft);
  return (
    <div className={css.cards}>
      {PRESETS.map((preset) => (
        <button
          key={preset.name}
          type="button"
          className={css.card}
          aria-pressed={current === preset}
          onClick={() => onDraft(withPreset(draft, preset))}
        >
          <b>{preset.name}</b>
          <span className="small muted">{preset.says}</span>
        </button>
      ))}
    </div>
  );
}
