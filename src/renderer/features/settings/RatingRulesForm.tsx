import { NumberInput, SegmentedControl } from '@mantine/core';
import type { RatingRules } from '#core/ratings.ts';
import css from './settings.module.css';

interface Props {
  readonly rules: RatingRules;
  readonly onChange: (changes: Partial<RatingRules>) => void;
}

/** Whether single replies are rated beside pairs. Each choice holds at once. */
export function RatingRulesForm({ rules: { scale, cut }, onChange }: Props) {
  return (
    <fieldset className={css.rules}>
      <legend>Single replies</legend>
      <div className={css.rule}>
        <span>Rated</span>
        <SegmentedControl<RatingRules['scale']>
          aria-label="Single replies are rated"
          size="xs"
          value={scale}
          onChange={(chosen) => onChange({ scale: chosen })}
          data={[
            { value: 'off', label: 'Not asked' },
            { value: 'thumbs', label: 'Good or not' },
            { value: 'five', label: '1 to 5' },
          ]}
        />
      </div>
      {scale === 'five' && (
        <div className={css.rule}>
          <span>Good from</span>
          <NumberInput
            aria-label="Good from"
            size="xs"
            w="5rem"
            min={2}
            max={5}
            allowDecimal={false}
            value={cut}
            onChange={(value) => {
              if (typeof value === 'number' && value >= 2 && value <= 5) onChange({ cut: value });
            }}
          />
        </div>
      )}
      {scale !== 'off' && (
        <p className="small muted" style={{ margin: 0 }}>
          Replies of pairs come one by one, from Annotate. What most people say of a reply is its label for
          KTO and in the export “TRL, unpaired”.
        </p>
      )}
    </fieldset>
  );
}
