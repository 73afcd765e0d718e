import { type ReactNode, useId } from 'react';
import css from './settings.module.css';

interface Props {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, action, children }: Props) {
  const id = useId();
  return (
    <section className={`card ${css.section}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        <span className="grow" />
        {action}
      </header>
      {children}
    </section>
  );
}
