import { retryNow, useConnection } from '../api/connection.ts';
import css from './shell.module.css';

/** Says that the line is down, as long as it is; nothing typed is lost meanwhile. */
export function ConnectionNotice() {
  const state = useConnection((store) => store.state);
  if (state.phase !== 'lost') return null;
  return (
    <div className={css.lost} role="alert">
      <span className="grow">
        The connection to Facet is down. It retries by itself
        {state.attempts > 1 ? `; ${state.attempts} attempts so far` : ''}. If it stays down, start Facet again
        and open the address that it prints.
      </span>
      <button type="button" onClick={retryNow}>
        Try now
      </button>
    </div>
  );
}
