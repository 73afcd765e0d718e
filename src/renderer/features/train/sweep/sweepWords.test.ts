import { expect, test } from 'vitest';
import type { SweepRow } from '#shared/sweepContract.ts';
import { isAtWork } from './sweepWords.ts';

const rowsOf = (...states: SweepRow['state'][]): { rows: SweepRow[] } => ({
  rows: states.map((state, place) => ({
    ...{ runId: place + 1, name: '', values: [], seed: 1, state, step: 0, steps: 2 },
    ...{ figures: null, causalRecovery: null },
  })),
});

test('a table is at work until its last run is seen to have ended, though none waits', () => {
  expect(isAtWork(rowsOf('finished', 'running'))).toBe(true);
  expect(isAtWork(rowsOf('finished', 'stopping'))).toBe(true);
  expect(isAtWork(rowsOf('finished', 'waiting'))).toBe(true);
  expect(isAtWork(rowsOf('finished', 'failed', 'stopped'))).toBe(false);
});
