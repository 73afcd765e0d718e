import type { ReactNode } from 'react';
import css from './components.module.css';

/** The 300-pixel pane at the right. */
export function SidePane({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <aside className={css.pane} aria-label={label}>
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
