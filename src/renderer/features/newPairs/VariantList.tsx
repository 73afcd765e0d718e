import { Button, CloseButton, NativeSelect, TextInput } from '@mantine/core';
import css from './newPairs.module.css';
import { type CheckedVariants, MOST_VARIANTS, type VariantDraft, withAnother } from './variants.ts';

interface Props {
  readonly variants: readonly VariantDraft[];
  readonly problems: CheckedVariants['problems'];
  /** K of the run; null without a codebook. */
  readonly codes: number | null;
  readonly onVariants: (variants: readonly VariantDraft[]) => void;
}

/** One line a reply: its seed, its temperature, its codes. */
export function VariantList({ variants, problems, codes, onVariants }: Props) {
  const change = (key: number, changes: Partial<VariantDraft>) =>
    onVariants(variants.map((variant) => (variant.key === key ? { ...variant, ...changes } : variant)));
  return (
    <fieldset className={css.variants}>
      <legend className="label">How the replies differ</legend>
      {variants.map(({ key, seed, temperature, codes: chosen }, place) => (
        <div key={key}>
          <div className={css.variant}>
            <b>Reply {place + 1}</b>
            <TextInput
              aria-label={`Seed of reply ${place + 1}`}
              leftSection={<span className="small muted">seed</span>}
              leftSectionWidth="3rem"
              inputMode="numeric"
              value={seed}
              onChange={({ currentTarget }) => change(key, { seed: currentTarget.value })}
            />
            <TextInput
              aria-label={`Temperature of reply ${place + 1}`}
              leftSection={<span className="small muted">temperature</span>}
              leftSectionWidth="5.6rem"
              inputMode="decimal"
              value={temperature}
              onChange={({ currentTarget }) => change(key, { temperature: currentTarget.value })}
            />
            <NativeSelect
              aria-label={`Codes of reply ${place + 1}`}
              disabled={codes === null}
              value={codes === null ? 'none' : chosen}
              data={
                codes === null
                  ? [{ value: 'none', label: 'no codes' }]
                  : [
                      { value: 'prior', label: 'prior’s codes' },
                      { value: 'none', label: 'without z' },
                      ...Array.from({ length: codes }, (_, code) => ({
                        value: String(code),
                        label: `code ${code} alone`,
                      })),
                    ]
              }
              onChange={({ currentTarget }) => change(key, { codes: currentTarget.value })}
            />
            <CloseButton
              aria-label={`Leave reply ${place + 1} out`}
              disabled={variants.length <= 2}
              onClick={() => onVariants(variants.filter((variant) => variant.key !== key))}
            />
          </div>
          {problems.has(key) && <p className={`small ${css.problem}`}>{problems.get(key)}</p>}
        </div>
      ))}
      <Button
        size="xs"
        style={{ justifySelf: 'start' }}
        disabled={variants.length >= MOST_VARIANTS}
        onClick={() => onVariants(withAnother(variants))}
      >
        One more reply
      </Button>
    </fieldset>
  );
}
