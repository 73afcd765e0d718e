import { NumberInput } from '@mantine/core';
import { MOST_REPEATS, REPEATS_APART } from '#core/repeats.ts';
import css from './people.module.css';

interface Props {
  readonly rate: number;
  readonly onChange: (rate: number) => void;
}

const MOST = MOST_REPEATS * 100;

/** How often a pair comes to the same person again. Holds at once. */
export function RepeatsForm({ rate, onChange }: Props) {
  return (
    <fieldset className={css.sharing}>
      <legend>Repeats</legend>
      <p className="small muted" style={{ margin: 0 }}>
        Some pairs come to the same person again, at least {REPEATS_APART} pairs later, on sides drawn anew
        and looking like any other. The first verdict stands; how often the second says the same is in Library
        › Agreement.
      </p>
      <NumberInput
        size="xs"
        w="9rem"
        label="How often again"
        suffix=" %"
        min={0}
        max={MOST}
        decimalScale={1}
        value={Math.round(rate * 1000) / 10}
        onChange={(value) => {
          if (typeof value === 'number' && value >= 0 && value <= MOST) onChange(value / 100);
        }}
      />
    </fieldset>
  );
}
