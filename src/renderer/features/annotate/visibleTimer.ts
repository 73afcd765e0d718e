/**
 * Time that an item has been before somebody's eyes, milliseconds: runs from its first showing, rests while the window is
 * hidden, and while nobody has given a sign of life for as long as counts as being away.
 */
import { IDLE_AFTER_MS } from '#core/labelSession.ts';

export interface VisibleTimer {
  readonly elapsedMs: number;
  /** Clock reading since which it runs; null while it rests. */
  readonly runningSince: number | null;
  /** Clock reading of the last sign of life while it runs. */
  readonly lastSign: number;
}

export const startTimer = (now: number, visible: boolean): VisibleTimer => ({
  elapsedMs: 0,
  runningSince: visible ? now : null,
  lastSign: now,
});

/** Since it runs: up to now, or to when whoever looked at it went away. */
const running = ({ runningSince, lastSign }: VisibleTimer, now: number): number =>
  runningSince === null ? 0 : Math.min(now, lastSign + IDLE_AFTER_MS) - runningSince;

export const elapsed = (timer: VisibleTimer, now: number): number =>
  Math.max(0, Math.round(timer.elapsedMs + running(timer, now)));

export function setVisible(timer: VisibleTimer, now: number, visible: boolean): VisibleTimer {
  if (visible === (timer.runningSince !== null)) return timer;
  return visible
    ? { ...timer, runningSince: now, lastSign: now }
    : { ...timer, elapsedMs: timer.elapsedMs + running(timer, now), runningSince: null };
}

/** A key, a click, a movement: whoever was away is back, and the time between does not count. */
export function noteSign(timer: VisibleTimer, now: number): VisibleTimer {
  if (timer.runningSince === null) return timer;
  if (now - timer.lastSign <= IDLE_AFTER_MS) return { ...timer, lastSign: now };
  return { elapsedMs: timer.elapsedMs + running(timer, now), runningSince: now, lastSign: now };
}
