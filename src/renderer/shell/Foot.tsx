import { useConnection } from '../api/connection.ts';
import { ProgressLine } from '../components/ProgressLine.tsx';
import { useStatusLine } from '../state/status.ts';
import css from './shell.module.css';

export function Foot() {
  const phase = useConnection(({ state }) => state.phase);
  const { engine, activity, progress } = useStatusLine();
  return (
    <footer className={css.foot}>
      <span>
        <span className={css.dot} data-phase={phase} aria-hidden="true" />
        {phase === 'open' ? (engine ?? 'Ready') : phase === 'lost' ? 'Line down' : 'Connecting…'}
      </span>
      {activity !== null && <span className="ellipsis">{activity}</span>}
      {activity !== null && progress !== null && (
        <span className={css.footProgress}>
          <ProgressLine value={progress} label={activity} />
        </span>
      )}
      <span className="grow" />
      <span>Offline · nothing leaves this machine</span>
    </footer>
  );
}
