import { SegmentedControl } from '@mantine/core';
import type { VerdictRules } from '#core/verdictAttributes.ts';
import { AspectList } from './AspectList.tsx';
import css from './settings.module.css';

interface Props {
  readonly rules: VerdictRules;
  readonly onChange: (changes: Partial<VerdictRules>) => void;
}

/** What is asked of a verdict beside which reply is better. Each choice holds at once. */
export function VerdictRulesForm({ rules, onChange }: Props) {
  return (
    <fieldset className={css.rules}>
      <legend>A verdict says</legend>
      <Rule
        label="How much better"
        value={rules.strength}
        onChange={(strength) => onChange({ strength })}
        choices={[
          ['none', 'Not asked'],
          ['four', '1 to 4'],
          ['seven', '7 points'],
        ]}
      />
      <Rule
        label="How sure"
        value={rules.confidence}
        onChange={(confidence) => onChange({ confidence })}
        choices={[
          ['off', 'Not asked'],
          ['optional', 'Optional'],
          ['required', 'Required'],
        ]}
      />
      <Rule
        label="Why"
        value={rules.rationale}
        onChange={(rationale) => onChange({ rationale })}
        choices={[
          ['off', 'Not asked'],
          ['optional', 'Optional'],
          ['disagreement', 'On disagreement'],
          ['required', 'Required'],
        ]}
      />
      {rules.rationale === 'disagreement' && (
        <p className="small muted" style={{ margin: 0 }}>
          The verdict is stored first; a pair of which a file or somebody else says otherwise then comes back
          and asks why.
        </p>
      )}
      <AspectList aspects={rules.aspects} onChange={(aspects) => onChange({ aspects })} />
    </fieldset>
  );
}

interface RuleProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
}

function Rule<T extends string>({ label, value, choices, onChange }: RuleProps<T>) {
  return (
    <div className={css.rule}>
      <span>{label}</span>
      <SegmentedControl<T>
        aria-label={label}
        size="xs"
        value={value}
        onChange={onChange}
        data={choices.map(([choice, name]) => ({ value: choice, label: name }))}
      />
    </div>
  );
}
