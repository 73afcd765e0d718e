/** Which steps are told: enough points for a chart, without flooding a screen. */
const STORED_POINTS = 250;
const SHORTEST_GAP_MS = 100;

/** A step is told at regular places of the run, and in between at most ten times a second. */
export function stepThrottle(totalSteps: number, now: () => number = () => performance.now()) {
  const every = Math.max(1, Math.ceil(totalSteps / STORED_POINTS));
  let lastMs = Number.NEGATIVE_INFINITY;
  return (step: number): boolean => {
    const atMs = now();
    const regular = step === 1 || step === totalSteps || step % every === 0;
    if (!regular && atMs - lastMs < SHORTEST_GAP_MS) return false;
    lastMs = atMs;
    return true;
  };
}

/** Milliseconds left, from an average of recent steps that forgets with a half-life of about seven steps. */
export function paceMeter() {
  let averageMs: number | null = null;
  return (stepMs: number, stepsLeft: number): number => {
    averageMs = averageMs === null ? stepMs : 0.9 * averageMs + 0.1 * stepMs;
    return Math.round(averageMs * stepsLeft);
  };
}
