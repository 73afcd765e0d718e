/** How a person's session of labelling goes. Pure. */
import { quantileOfSorted } from './statistics.ts';

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

/** A session's figures as its decisions come in, the oldest first. */
export class SessionTally {
  #decided = 0;
  #activeMs = 0;
  #sinceBreakMs = 0;
  #flags = 0;
  #lastMs = Number.POSITIVE_INFINITY;
  /** Ascending. */
  readonly #measured: number[] = [];

  /** When the last decision was given, as `Date.now` says it; infinite before the first. */
  get lastMs(): number {
    return this.#lastMs;
  }

  add({ durationMs, at, isFlagged }: SessionDecision): void {
    const [end, spent] = [Date.parse(at), durationMs ?? 0];
    if (end - spent - this.#lastMs >= BREAK_MS) this.#sinceBreakMs = 0;
    this.#lastMs = end;
    this.#decided += 1;
    this.#activeMs += spent;
    this.#sinceBreakMs += spent;
    this.#flags += isFlagged;
    if (durationMs !== null) this.#measured.splice(placeOf(durationMs, this.#measured), 0, durationMs);
  }

  figures(): SessionFigures {
    return {
      decided: this.#decided,
      medianMs: this.#measured.length === 0 ? null : quantileOfSorted(this.#measured, 0.5),
      activeMs: this.#activeMs,
      sinceBreakMs: this.#sinceBreakMs,
      flags: this.#flags,
    };
  }
}

/** How many of the ascending values are less. */
function placeOf(value: number, ascending: readonly number[]): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Too little to tell a pace by, milliseconds. */
const LEAST_MS = 60_000;

/** Pairs an hour over the time active; null before a minute of it. */
export const pacePerHour = (decided: number, activeMs: number): number | null =>
  activeMs < LEAST_MS ? null : (decided * 3_600_000) / activeMs;
