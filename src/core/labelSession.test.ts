import { expect, it } from 'vitest';
import { pacePerHour, type SessionDecision, SessionTally } from './labelSession.ts';

const at = (minutes: number): string => new Date(Date.UTC(2026, 0, 1, 9) + minutes * 60_000).toISOString();
const decided = (minutes: number, spentMinutes: number | null, isFlagged: 0 | 1 = 0) => ({
  at: at(minutes),
  durationMs: spentMinutes === null ? null : spentMinutes * 60_000,
  isFlagged,
});

const sessionFigures = (decisions: readonly SessionDecision[]) => {
  const tally = new SessionTally();
  for (const decision of decisions) tally.add(decision);
  return tally.figures();
};

it('adds up the time active, and begins anew after a break', () => {
  const figures = sessionFigures([
    decided(1, 1),
    decided(3, 2, 1),
    // Six minutes on screen, all of them active: no break.
    decided(9, 6),
    // Five minutes without anything on it before its own minute.
    decided(15, 1),
    decided(16, null),
  ]);
  expect(figures).toEqual({
    decided: 5,
    medianMs: 1.5 * 60_000,
    activeMs: 10 * 60_000,
    sinceBreakMs: 60_000,
    flags: 1,
  });
  expect(sessionFigures([])).toEqual({ decided: 0, medianMs: null, activeMs: 0, sinceBreakMs: 0, flags: 0 });
});

it('gives pairs an hour over the time active alone', () => {
  expect(pacePerHour(5, 10 * 60_000)).toBe(30);
  expect(pacePerHour(3, 59_999)).toBeNull();
});
