import type { KeyboardEvent, ReactNode } from 'react';
import css from './components.module.css';

interface Props {
  readonly label: string;
  /** Escape within it. */
  readonly onEscape?: () => void;
  readonly children: ReactNode;
}

/** The 300-pixel pane at the right. */
export function SidePane({ label, onEscape, children }: Props) {
  const leave = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || onEscape === undefined) return;
    event.preventDefault();
    onEscape();
  };
  return (
    <aside className={css.pane} aria-label={label} onKeyDown={leave}>
      {children}
    </aside>
  );
}

/** A part of the pane under its small capitals. */
export function PaneSection({
  label,
  children,
}: {
  readonly label: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section>
      <h2 className={`label ${css.sectionLabel}`}>{label}</h2>
      {children}
    </section>
  );
}
