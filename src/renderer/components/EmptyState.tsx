import type { ReactNode } from 'react';
import css from './components.module.css';

interface Props {
  readonly icon: ReactNode;
  readonly title: string;
  /** What to do next, in a sentence. */
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

/** What a screen shows when it has nothing yet: why, and the next step. */
export function EmptyState({ icon, title, children, actions }: Props) {
  return (
    <div className={css.empty}>
      <div className={css.emptyIcon} aria-hidden="true">
        {icon}
      </div>
      <h2 className={css.emptyTitle}>{title}</h2>
      {children !== undefined && <p className={css.emptyText}>{children}</p>}
      {actions !== undefined && <div className={css.emptyActions}>{actions}</div>}
    </div>
  );
}
