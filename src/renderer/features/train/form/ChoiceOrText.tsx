import { NativeSelect, type NativeSelectProps, Textarea } from '@mantine/core';
import type { Field } from './fields.ts';
import css from './form.module.css';

interface Props {
  readonly shared: Pick<NativeSelectProps, 'description' | 'inputWrapperOrder' | 'error'> & {
    readonly label: string;
    readonly value: string;
  };
  readonly choices: NonNullable<Field['choices']>;
  readonly own: NonNullable<Field['ownText']>;
  readonly onText: (text: string) => void;
}

/** No value of a choice: a text of one's own is known by being none of them. */
const OWN = 'own text';

/** A closed list, and beneath it a field for a text that is not on it. */
export function ChoiceOrText({ shared, choices, own, onText }: Props) {
  const { value, ...words } = shared;
  const isOwn = !choices.some((choice) => choice.value === value);
  return (
    <div className={isOwn ? css.wide : undefined}>
      <NativeSelect
        {...words}
        value={isOwn ? OWN : value}
        data={[...choices, { value: OWN, label: own.label }]}
        onChange={({ currentTarget }) =>
          onText(currentTarget.value === OWN ? own.begins : currentTarget.value)
        }
      />
      {isOwn && (
        <Textarea
          aria-label={`${shared.label}: ${own.label}`}
          mt="xs"
          autosize
          minRows={3}
          maxRows={12}
          spellCheck={false}
          classNames={{ input: css.code }}
          value={value}
          onChange={({ currentTarget }) => onText(currentTarget.value)}
        />
      )}
    </div>
  );
}
