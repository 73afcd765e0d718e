import { NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type ImportPreview, type ImportRules, verdictsIn, verdictsText } from '#shared/importEntities.ts';
import css from './library.module.css';

interface Props {
  readonly preview: ImportPreview;
  readonly rules: ImportRules;
  readonly onChange: (rules: Partial<ImportRules>) => void;
}

/** How values are read where a file leaves it open. */
export function ReadingRules({ preview, rules, onChange }: Props) {
  const isRanked = preview.format === 'replies-to-rank' || rules.map?.replies !== undefined;
  const asksForJson =
    rules.jsonTexts !== undefined ||
    preview.problems.some(({ reason }) => reason.includes('holds a JSON list'));
  const asksForScore =
    rules.goodFrom !== undefined || preview.problems.some(({ reason }) => reason.includes('--good-from'));
  return (
    <div className={css.parts}>
      <VerdictValues rules={rules} onChange={onChange} />
      {isRanked && (
        <>
          <Select
            size="xs"
            label="Pairs of several replies"
            allowDeselect={false}
            data={[
              { value: 'best', label: 'The best against each' },
              { value: 'all', label: 'Each against each' },
              { value: 'adjacent', label: 'Neighbours in rank' },
            ]}
            value={rules.pairing ?? 'best'}
            onChange={(pairing) => onChange({ pairing: (pairing ?? 'best') as ImportRules['pairing'] })}
          />
          <NumberInput
            size="xs"
            label="Least difference of scores"
            min={0}
            step={0.5}
            value={rules.margin ?? 0}
            onChange={(margin) => typeof margin === 'number' && margin >= 0 && onChange({ margin })}
          />
        </>
      )}
      {asksForScore && (
        <NumberInput
          size="xs"
          label="A rated reply alone is good from"
          placeholder="Left out"
          step={1}
          value={rules.goodFrom ?? ''}
          onChange={(score) => onChange({ goodFrom: typeof score === 'number' ? score : undefined })}
        />
      )}
      {asksForJson && (
        <Select
          size="xs"
          label="Texts that are JSON lists"
          allowDeselect={false}
          data={[
            { value: 'ask', label: 'Leave such rows out' },
            { value: 'read', label: 'Read the lists' },
            { value: 'keep', label: 'Keep them as text' },
          ]}
          value={rules.jsonTexts ?? 'ask'}
          onChange={(choice) =>
            onChange({ jsonTexts: choice === 'read' || choice === 'keep' ? choice : undefined })
          }
        />
      )}
    </div>
  );
}

/** Read when the field is left or Enter is pressed. */
function VerdictValues({ rules, onChange }: Pick<Props, 'rules' | 'onChange'>) {
  const [text, setText] = useState(verdictsText(rules.verdicts ?? {}));
  const verdicts = verdictsIn(text);
  const commit = (): void => {
    if (verdicts !== null && text !== verdictsText(rules.verdicts ?? {}))
      onChange({ verdicts: text.trim() === '' ? undefined : verdicts });
  };
  return (
    <TextInput
      size="xs"
      label="Values of the verdict"
      placeholder="0=a, 1=b, 2=tie"
      value={text}
      error={verdicts === null ? 'VALUE=a, b, tie, both_bad or none' : undefined}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}
