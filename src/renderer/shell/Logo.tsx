import css from './shell.module.css';

export function Logo() {
  return (
    <span className={css.logo} aria-hidden="true">
      <i />
      <i />
      <i />
      <i />
    </span>
  );
}
