/** A short soak: an hour of four people in seconds. How long a save takes and how memory grows is for the bench to say. */
import { expect, it } from 'vitest';
import { benchSoak } from './soak.ts';

it('loses nothing that four people decide while a run trains, though the server is killed', async () => {
  const figures = await benchSoak({ hours: 0.5, minutes: 0.1, seed: 1 }, () => undefined);
  expect(figures).toMatchObject({ simulatedHours: 0.5, lostVerdicts: 0, damage: [] });
  expect(figures.verdicts).toBeGreaterThan(4);
  expect(figures.saveP99Ms).toBeGreaterThan(0);
}, 240_000);
