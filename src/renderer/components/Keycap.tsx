import type { ReactNode } from 'react';
import css from './components.module.css';

/** A key's name as it stands on a button. */
export function Keycap({ children }: { readonly children: ReactNode }) {
  return (
    <span className={css.keycap} aria-hidden="true">
      {children}
    </span>
  );
}
