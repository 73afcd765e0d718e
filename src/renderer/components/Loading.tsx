import { Loader } from '@mantine/core';
import css from './components.module.css';

/** Shown after a quarter of a second of waiting, so that quick answers don't flicker. */
export function Loading({ label }: { readonly label: string }) {
  return (
    <div className={css.loading} role="status">
      <Loader size="sm" aria-hidden="true" />
      <span className="small">{label}</span>
    </div>
  );
}
