/** Time that an item has been visible, milliseconds: runs from its first showing, rests while the window is hidden. */
export interface VisibleTimer {
  readonly elapsedMs: number;
  /** Clock reading since which it runs; null while it rests. */
  readonly runningSince: number | null;
}

export const startTimer = (now: number, visible: boolean): VisibleTimer => ({
  elapsedMs: 0,
  runningSince: visible ? now : null,
});

export const elapsed = (timer: VisibleTimer, now: number): number =>
  Math.max(0, Math.round(timer.elapsedMs + (timer.runningSince === null ? 0 : now - timer.runningSince)));

export function setVisible(timer: VisibleTimer, now: number, visible: boolean): VisibleTimer {
  if (visible === (timer.runningSince !== null)) return timer;
  return visible
    ? { ...timer, runningSince: now }
    : { elapsedMs: timer.elapsedMs + now - (timer.runningSince ?? now), runningSince: null };
}
