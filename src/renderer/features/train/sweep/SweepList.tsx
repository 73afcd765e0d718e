import type { Sweep } from '#shared/sweepContract.ts';
import { ProgressLine } from '../../../components/ProgressLine.tsx';
import { navigate } from '../../../state/screen.ts';
import css from '../train.module.css';
import { sweepStateWords, sweptWords } from './sweepWords.ts';

interface Props {
  readonly sweeps: readonly Sweep[];
  readonly selectedId: number | null;
}

/** Sweeps, one line each; nothing where there is none. */
export function SweepList({ sweeps, selectedId }: Props) {
  if (sweeps.length === 0) return null;
  return (
    <ul className={css.sweeps} aria-label="Sweeps, newest first">
      {sweeps.map((sweep) => {
        const { id, name, runIds, waiting } = sweep;
        return (
          <li key={id}>
            <button
              type="button"
              className={css.run}
              aria-current={id === selectedId}
              onClick={() => navigate('train', { sweep: String(id) })}
            >
              <b className="ellipsis">{name}</b>
              <span className="small muted ellipsis">{sweptWords(sweep)}</span>
              <span className="small muted">{sweepStateWords(sweep)}</span>
              {waiting > 0 && (
                <ProgressLine
                  value={runIds.length / (runIds.length + waiting)}
                  label={`${name}: ${sweepStateWords(sweep)}`}
                />
              )}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
