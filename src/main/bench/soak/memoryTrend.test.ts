import { expect, it } from 'vitest';
import { fittedGrowth, residentBytes } from './memoryTrend.ts';

it('is the slope of a line, not the difference of two readings', () => {
  const at = (seconds: number, bytes: number) => ({ seconds, bytes });
  // 1000 + 10 t: a tenth more after ten seconds.
  expect(fittedGrowth(Array.from({ length: 11 }, (_, t) => at(t, 1000 + 10 * t)))).toBeCloseTo(0.1, 12);
  expect(fittedGrowth([at(0, 100), at(1, 140), at(2, 100), at(3, 60), at(4, 100)])).toBeLessThan(0);
  expect(fittedGrowth([at(0, 100), at(1, 130), at(2, 70), at(3, 130), at(4, 100)])).toBeCloseTo(0, 12);
  expect(fittedGrowth([at(0, 100)])).toBeNull();
});

it('is read of a process, and of none that is gone', () => {
  const bytes = residentBytes(process.pid);
  if (process.platform === 'linux') expect(bytes).toBeGreaterThan(10 * 1024 ** 2);
  expect(residentBytes(2 ** 30)).toBeNull();
});
