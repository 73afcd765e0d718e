import { Button, Checkbox, NativeSelect, Switch, TextInput } from '@mantine/core';
import type { Suggestion } from '#core/result.ts';
import { ChoiceOrText } from './ChoiceOrText.tsx';
import type { CheckedDraft, Draft, Problem } from './draft.ts';
import type { Field } from './fields.ts';
import { shownFields } from './fields.ts';
import css from './form.module.css';

interface FieldsProps {
  readonly fields: readonly Field[];
  readonly draft: Draft;
  readonly problems: CheckedDraft['problems'];
  readonly cautions: CheckedDraft['cautions'];
  readonly onText: (name: Field['name'], text: string) => void;
  readonly onSuggestion: (suggestion: Suggestion) => void;
}

/** The fields that have an effect now, each with its sentence and what is wrong with it. */
export function Fields({ fields, draft, problems, cautions, onText, onSuggestion }: FieldsProps) {
  return (
    <div className={css.grid}>
      {shownFields(fields, draft).map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          text={draft.texts[field.name]}
          problem={problems[field.name]}
          caution={cautions[field.name]}
          onText={(text) => onText(field.name, text)}
          onSuggestion={onSuggestion}
        />
      ))}
    </div>
  );
}

interface Props {
  readonly field: Field;
  readonly text: string;
  readonly problem: Problem | undefined;
  readonly caution: Problem | undefined;
  readonly onText: (text: string) => void;
  readonly onSuggestion: (suggestion: Suggestion) => void;
}

function FieldInput({ field, text, problem, caution, onText, onSuggestion }: Props) {
  const shared = {
    label: field.unit ? `${field.label} (${field.unit})` : field.label,
    description: (
      <>
        {!problem && caution && (
          <span className={css.caution} role="status">
            <ProblemWords problem={caution} onSuggestion={onSuggestion} />
          </span>
        )}
        {field.help}
      </>
    ),
    inputWrapperOrder: ['label', 'input', 'error', 'description'] as (
      | 'label'
      | 'input'
      | 'error'
      | 'description'
    )[],
    error: problem ? <ProblemWords problem={problem} onSuggestion={onSuggestion} /> : null,
    value: text,
  };
  if (field.toggle)
    return (
      <Switch
        label={field.label}
        description={field.help}
        checked={text === 'true'}
        onChange={({ currentTarget }) => onText(String(currentTarget.checked))}
      />
    );
  if (field.several)
    return (
      <Checkbox.Group
        {...shared}
        className={css.wide ?? ''}
        value={text.split(',')}
        onChange={(chosen) =>
          // In the list's own order, so that the same choice is always the same text.
          onText(
            field.several
              ?.filter(({ value }) => chosen.includes(value))
              .map(({ value }) => value)
              .join(',') ?? '',
          )
        }
      >
        <div className={css.checks}>
          {field.several.map(({ value, label }) => (
            <Checkbox key={value} size="sm" value={value} label={label} />
          ))}
        </div>
      </Checkbox.Group>
    );
  if (field.choices && field.ownText)
    return <ChoiceOrText shared={shared} choices={field.choices} own={field.ownText} onText={onText} />;
  if (field.choices)
    return (
      <NativeSelect
        {...shared}
        data={[...field.choices]}
        onChange={({ currentTarget }) => onText(currentTarget.value)}
      />
    );
  return (
    <TextInput
      {...shared}
      inputMode="decimal"
      autoComplete="off"
      spellCheck={false}
      classNames={{ input: 'num' }}
      placeholder={field.whenEmpty ?? ''}
      onChange={({ currentTarget }) => onText(currentTarget.value)}
    />
  );
}

/** What is wrong with a field, and one press that mends it. */
function ProblemWords({ problem, onSuggestion }: Pick<Props, 'onSuggestion'> & { problem: Problem }) {
  const { says, suggestion } = problem;
  return (
    <>
      {says}
      {suggestion && (
        <Button size="compact-xs" onClick={() => onSuggestion(suggestion)}>
          Use {suggestion.label}
        </Button>
      )}
    </>
  );
}
