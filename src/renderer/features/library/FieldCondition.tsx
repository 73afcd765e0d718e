import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Conditions } from '#shared/library.ts';
import css from './library.module.css';
import { setConditions, useLibraryView } from './libraryView.ts';

const HOW = { is: 'is', has: 'holds', min: 'at least', max: 'at most' } as const;
type How = keyof typeof HOW;

/** A condition on a field of the rows' metadata. */
export function FieldCondition({ fields }: { readonly fields: readonly string[] }) {
  const metadata = useLibraryView((view) => view.where.metadata) ?? [];
  const [chosen, setField] = useState<string | null>(null);
  const [how, setHow] = useState<How>('is');
  const [value, setValue] = useState('');
  const field = chosen ?? fields[0];
  if (field === undefined) return null;
  const isFigure = how === 'min' || how === 'max';
  const fits = value !== '' && !(isFigure && Number.isNaN(Number(value)));
  const add = () => {
    if (!fits) return;
    const condition: NonNullable<Conditions['metadata']>[number] = {
      field,
      [how]: isFigure ? Number(value) : value,
    };
    setConditions({ metadata: [...metadata, condition] });
    setValue('');
  };
  return (
    <div className={css.adding}>
      <NativeSelect
        size="xs"
        label="Field"
        value={field}
        data={[...fields]}
        onChange={(event) => setField(event.currentTarget.value)}
      />
      <NativeSelect
        size="xs"
        aria-label="How the field is compared"
        value={how}
        data={Object.entries(HOW).map(([key, label]) => ({ value: key, label }))}
        onChange={(event) => setHow(event.currentTarget.value as How)}
      />
      <TextInput
        size="xs"
        aria-label="Value of the field"
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && add()}
      />
      <Button size="xs" disabled={!fits} onClick={add}>
        Add
      </Button>
    </div>
  );
}
