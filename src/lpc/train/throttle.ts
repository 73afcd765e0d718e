/** Which steps are reported: enough points for a chart, without flooding a screen. */
import type { Stage } from '../programs/policy.ts';

const STORED_POINTS = 250;
const SHORTEST_GAP_MS = 100;

/** A step is reported at regular places of the run, and in between at most ten times a second. */
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

/** Forward and backward pass of a row, over the forward pass alone. */
const STEP_OVER_FORWARD = 3;

export interface StepsLeft {
  readonly stage: Stage;
  /** Steps left in this stage. */
  readonly inStage: number;
  /** Steps of a later stage, in which the backbone trains. */
  readonly later: number;
  /** Milliseconds of a row through the backbone, where it was measured. */
  readonly forwardMs: number | null;
}

/**
 * Milliseconds left: this stage at the average of its recent steps (half-life about seven), a later one, which no step
 * has shown yet, at three forward passes a step.
 */
export function paceMeter() {
  let averageMs: number | null = null;
  let stage: Stage | null = null;
  return (stepMs: number, left: StepsLeft): number => {
    if (stage !== left.stage) averageMs = null;
    stage = left.stage;
    averageMs = averageMs === null ? stepMs : 0.9 * averageMs + 0.1 * stepMs;
    const laterMs = STEP_OVER_FORWARD * (left.forwardMs ?? averageMs);
    return Math.round(averageMs * left.inStage + laterMs * left.later);
  };
}
