import { Keycap } from '../../components/Keycap.tsx';
import css from '../annotate/annotate.module.css';
import type { RatingChoice } from './ratingWords.ts';

interface Props {
  readonly choices: readonly RatingChoice[];
  readonly skipKey: string | undefined;
  /** What was pressed a moment ago, or stands. */
  readonly lit: number | 'skip' | null;
  readonly disabled: boolean;
  readonly onRate: (value: number | null) => void;
}

/** One button a rating, its key on it. */
export function RatingBar({ choices, skipKey, lit, disabled, onRate }: Props) {
  const all = [
    ...choices.map(({ value, key, name }) => ({
      value: value as number | null,
      key: key as string | undefined,
      name,
    })),
    { value: null, key: skipKey, name: 'Skip' },
  ];
  return (
    <div className={css.verdicts} role="toolbar" aria-label="Rating">
      {all.map(({ value, key, name }) => (
        <button
          key={name}
          type="button"
          className={css.verdict}
          data-choice={value === null ? 'skip' : 'left'}
          data-standing={lit === (value ?? 'skip') || undefined}
          aria-pressed={lit === (value ?? 'skip')}
          aria-keyshortcuts={key}
          disabled={disabled}
          onClick={() => onRate(value)}
        >
          <span className={css.verdictName}>{name}</span>
          {key !== undefined && <Keycap>{key}</Keycap>}
        </button>
      ))}
    </div>
  );
}
