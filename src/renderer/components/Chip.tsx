import type { ReactNode } from 'react';
import css from './components.module.css';

export type Tone = 'plain' | 'accent' | 'good' | 'bad' | 'warn';

interface Props {
  readonly tone?: Tone;
  readonly children: ReactNode;
  /** Makes it a button; with `pressed`, a toggle. */
  readonly onClick?: () => void;
  readonly pressed?: boolean;
  readonly title?: string;
}

export function Chip({ tone = 'plain', children, onClick, pressed, title }: Props) {
  if (onClick === undefined) {
    return (
      <span className={css.chip} data-tone={tone} title={title}>
        {children}
      </span>
    );
  }
  return (
    <button
      type="button"
      className={css.chip}
      data-tone={tone}
      title={title}
      aria-pressed={pressed}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
