import { Button, NativeSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { LENGTH_NAMES } from './conditionWords.ts';
import css from './library.module.css';
import { setConditions, useLibraryView } from './libraryView.ts';

type Of = keyof typeof LENGTH_NAMES;
const bound = (name: 'min' | 'max', value: string | number) =>
  typeof value === 'number' ? { [name]: value } : {};

/** A condition on the characters of a text. */
export function LengthCondition() {
  const lengths = useLibraryView((view) => view.where.lengths) ?? [];
  const [of, setOf] = useState<Of>('prompt');
  const [min, setMin] = useState<string | number>('');
  const [max, setMax] = useState<string | number>('');
  const add = () => {
    setConditions({ lengths: [...lengths, { of, ...bound('min', min), ...bound('max', max) }] });
    setMin('');
    setMax('');
  };
  return (
    <div className={css.adding}>
      <NativeSelect
        size="xs"
        label="Characters"
        value={of}
        data={Object.entries(LENGTH_NAMES).map(([value, label]) => ({ value, label }))}
        onChange={(event) => setOf(event.currentTarget.value as Of)}
      />
      <NumberInput
        size="xs"
        min={0}
        aria-label="Characters from"
        placeholder="from"
        value={min}
        onChange={setMin}
      />
      <NumberInput
        size="xs"
        min={0}
        aria-label="Characters to"
        placeholder="to"
        value={max}
        onChange={setMax}
      />
      <Button size="xs" disabled={typeof min !== 'number' && typeof max !== 'number'} onClick={add}>
        Add
      </Button>
    </div>
  );
}
