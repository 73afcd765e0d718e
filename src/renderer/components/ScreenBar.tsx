import type { ReactNode } from 'react';
import css from './components.module.css';

interface Props {
  readonly title: ReactNode;
  /** Chips and fields after the title. */
  readonly children?: ReactNode;
  /** Buttons at the right end. */
  readonly actions?: ReactNode;
}

/** The 44-pixel bar at a screen's top. */
export function ScreenBar({ title, children, actions }: Props) {
  return (
    <div className={css.bar}>
      <h1>{title}</h1>
      {children}
      <span className="grow" />
      {actions}
    </div>
  );
}

/** A second bar under the first one. */
export function SubBar({ children, label }: { readonly children: ReactNode; readonly label?: string }) {
  return (
    <div className={css.bar} role="toolbar" aria-label={label}>
      {children}
    </div>
  );
}
