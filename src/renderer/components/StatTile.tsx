import type { ReactNode } from 'react';
import css from './components.module.css';

interface Props {
  readonly label: string;
  readonly value: ReactNode;
  /** What it was measured on, and its uncertainty. */
  readonly note?: ReactNode;
}

/** One large figure with its label and what it was measured on. */
export function StatTile({ label, value, note }: Props) {
  return (
    <section className={`card ${css.tile}`} aria-label={label}>
      <div className="label">{label}</div>
      <div className={css.figure}>{value}</div>
      {note !== undefined && <div className="small muted">{note}</div>}
    </section>
  );
}
