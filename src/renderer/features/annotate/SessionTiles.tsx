import { pacePerHour } from '#core/labelSession.ts';
import { StatTile } from '../../components/StatTile.tsx';
import { formatCount, formatDuration, formatSeconds } from '../../format.ts';
import css from './annotate.module.css';
import type { Counts } from './sessionView.ts';

/** How a session went, in figures. */
export function SessionTiles({ counts }: { readonly counts: Counts }) {
  const { inSession, medianMs, activeMs, flags, again } = counts;
  const pace = pacePerHour(inSession, activeMs);
  return (
    <div className={css.sessionTiles}>
      <StatTile label="Pairs decided" value={formatCount(inSession)} />
      <StatTile label="Time active" value={formatDuration(activeMs)} />
      <StatTile label="Pairs an hour" value={pace === null ? '·' : formatCount(Math.round(pace))} />
      <StatTile label="Median of a pair" value={medianMs === null ? '·' : formatSeconds(medianMs)} />
      <StatTile label="Flagged" value={formatCount(flags)} />
      {again !== null && (
        <StatTile label="Same again" value={`${formatCount(again.same)} of ${formatCount(again.answered)}`} />
      )}
    </div>
  );
}
