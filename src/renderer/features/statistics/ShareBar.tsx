import type { Share } from '#shared/dataEntities.ts';
import { formatCount, formatShare } from '../../format.ts';
import css from './statistics.module.css';

interface Props {
  readonly name: string;
  readonly share: Share;
  /** What was counted: "preferences". */
  readonly unit: string;
}

const at = (value: number): string => `${(100 * value).toFixed(2)}%`;

/** A share with its 95 % interval on a line from 0 to 100 %, half marked. */
export function ShareBar({ name, share: { share, low, high, of }, unit }: Props) {
  return (
    <div className={css.share}>
      <span className={css.name}>{name}</span>
      <span className={css.line} aria-hidden="true">
        <span className={css.half} />
        {share !== null && (
          <>
            <span className={css.interval} style={{ left: at(low), width: at(high - low) }} />
            <span className={css.point} style={{ left: at(share) }} />
          </>
        )}
      </span>
      <span className="num small">
        {share === null ? (
          <span className="muted">no {unit}</span>
        ) : (
          <>
            <b>{formatShare(share)}</b>{' '}
            <span className="muted">
              {formatShare(low)} to {formatShare(high)} of {formatCount(of)}
            </span>
          </>
        )}
      </span>
    </div>
  );
}
