/** How a person's session of labelling goes. Pure. */
import { median } from './statistics.ts';

/** A pair on screen without a sign of life counts this far, milliseconds: then whoever labels is taken to be away. */
export const IDLE_AFTER_MS = 2 * 60_000;
/** Whoever decided nothing for this long has had a break, milliseconds. */
const BREAK_MS = 5 * 60_000;

export interface SessionDecision {
  /** Time active on it; null where nobody measured. */
  readonly durationMs: number | null;
  /** When it was given, ISO. */
  readonly at: string;
  readonly isFlagged: 0 | 1;
}
export interface SessionFigures {
  readonly decided: number;
  readonly medianMs: number | null;
  /** Time active, and of it what lies after the last break. */
  readonly activeMs: number;
  readonly sinceBreakMs: number;
  readonly flags: number;
}

/** Of a session's decisions, the oldest first. */
export function sessionFigures(decisions: readonly SessionDecision[]): SessionFigures {
  const measured: number[] = [];
  let [activeMs, sinceBreakMs, flags, before] = [0, 0, 0, Number.POSITIVE_INFINITY];
  for (const { durationMs, at, isFlagged } of decisions) {
    const [end, spent] = [Date.parse(at), durationMs ?? 0];
    if (end - spent - before >= BREAK_MS) sinceBreakMs = 0;
    before = end;
    activeMs += spent;
    sinceBreakMs += spent;
    flags += isFlagged;
    if (durationMs !== null) measured.push(durationMs);
  }
  const medianMs = measured.length === 0 ? null : median(measured);
  return { decided: decisions.length, medianMs, activeMs, sinceBreakMs, flags };
}

/** Too little to tell a pace by, milliseconds. */
const LEAST_MS = 60_000;

/** Pairs an hour over the time active; null before a minute of it. */
export const pacePerHour = (decided: number, activeMs: number): number | null =>
  activeMs < LEAST_MS ? null : (decided * 3_600_000) / activeMs;
