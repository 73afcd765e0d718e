import { expect, it } from 'vitest';
import { isBetter } from './bestCheckpoint.ts';

it('goes by the held-out loss alone, and keeps the earlier of two that are equal', () => {
  expect(isBetter({ loss: 0.9 }, null)).toBe(true);
  expect(isBetter({ loss: 0.5 }, { loss: 0.6 })).toBe(true);
  expect(isBetter({ loss: 0.6 }, { loss: 0.6 })).toBe(false);
  expect(isBetter({ loss: Number.NaN }, { loss: 0.6 })).toBe(false);
});
