import { ActionIcon, Button, Checkbox, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { Aspect } from '#core/verdictAttributes.ts';
import css from './settings.module.css';

interface Props {
  readonly aspects: readonly Aspect[];
  readonly onChange: (aspects: readonly Aspect[]) => void;
}

/** As many as there are digits to tell them apart. */
const MOST = 9;

/** The aspects of a verdict, each answered for a side, a tie or not at all. What was answered keeps the name it had. */
export function AspectList({ aspects, onChange }: Props) {
  const [name, setName] = useState('');
  const trimmed = name.trim();
  const isTaken = aspects.some((aspect) => aspect.name === trimmed);
  const replace = (place: number, changes: Partial<Aspect>) =>
    onChange(aspects.map((aspect, index) => (index === place ? { ...aspect, ...changes } : aspect)));
  return (
    <div className="stack">
      <span>Aspects</span>
      {aspects.map((aspect, place) => (
        <div key={aspect.name} className={css.aspect}>
          <b>{aspect.name}</b>
          <TextInput
            size="xs"
            className="grow"
            aria-label={`What ${aspect.name} means`}
            placeholder="What it means"
            defaultValue={aspect.description}
            maxLength={500}
            onBlur={(event) =>
              event.currentTarget.value !== aspect.description &&
              replace(place, { description: event.currentTarget.value })
            }
          />
          <Checkbox
            size="xs"
            label="Required"
            checked={aspect.required}
            onChange={(event) => replace(place, { required: event.currentTarget.checked })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={`Stop asking for ${aspect.name}`}
            title="Stop asking; answers so far stay"
            onClick={() => onChange(aspects.filter((_, index) => index !== place))}
          >
            <IconX size={16} />
          </ActionIcon>
        </div>
      ))}
      <form
        className={css.aspect}
        onSubmit={(event) => {
          event.preventDefault();
          if (trimmed === '' || isTaken || aspects.length >= MOST) return;
          onChange([...aspects, { name: trimmed, description: '', required: true }]);
          setName('');
        }}
      >
        <TextInput
          size="xs"
          aria-label="New aspect"
          placeholder="Helpful, honest, harmless…"
          maxLength={60}
          value={name}
          disabled={aspects.length >= MOST}
          error={isTaken ? 'There is one of that name.' : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" size="xs" disabled={trimmed === '' || isTaken || aspects.length >= MOST}>
          Add aspect
        </Button>
      </form>
    </div>
  );
}
