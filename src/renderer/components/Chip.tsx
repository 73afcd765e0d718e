import type { ReactNode, Ref } from 'react';
import css from './components.module.css';

export type Tone = 'plain' | 'accent' | 'good' | 'bad' | 'warn';

interface Props {
  readonly tone?: Tone;
  readonly children: ReactNode;
  /** Makes it a button; with `pressed`, a toggle. */
  readonly onClick?: () => void;
  readonly pressed?: boolean;
  readonly title?: string;
  /** Of the button, where `onClick` is given: what a menu's target needs. */
  readonly ref?: Ref<HTMLButtonElement>;
  readonly 'aria-haspopup'?: 'dialog' | 'menu';
  readonly 'aria-expanded'?: boolean;
  readonly 'aria-controls'?: string;
  readonly id?: string;
}

export function Chip({ tone = 'plain', children, onClick, pressed, title, ...button }: Props) {
  if (onClick === undefined) {
    return (
      <span className={css.chip} data-tone={tone} title={title}>
        {children}
      </span>
    );
  }
  return (
    <button
      {...button}
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
