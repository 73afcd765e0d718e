/** A short run of `npm run fuzz`: what it finds is done again by its seed and number. */
import { expect, it } from 'vitest';
import { fuzz } from '../fuzz/fuzz.ts';
import { TARGETS } from '../fuzz/types.ts';

it('reads or refuses whatever it is given, and neither ends nor hangs', async () => {
  const { failures, inputs, read, refused } = await fuzz({ seed: 7, inputs: 300, targets: TARGETS });
  expect(failures).toEqual([]);
  expect(read + refused).toBe(inputs);
  // Neither all of it nonsense nor all of it whole.
  expect(read).toBeGreaterThan(inputs / 10);
  expect(refused).toBeGreaterThan(inputs / 10);
}, 240_000);
