import { expect, it } from 'vitest';
import { formatCompact, formatTick } from './compactNumber.ts';

it('keeps three significant digits and a true minus', () => {
  expect([18.42, 0.5341, 1.123, -0.1234, 12345, 640.2].map(formatCompact)).toEqual([
    '18.4',
    '0.534',
    '1.12',
    '−0.123',
    '12,345',
    '640',
  ]);
});

it('keeps learning rates as they are typed and has a dash for no number', () => {
  expect(formatCompact(5e-4)).toBe('5e-4');
  expect(formatCompact(-2.5e-7)).toBe('−2.5e-7');
  expect(formatCompact(Number.NaN)).toBe('–');
  expect(formatCompact(null)).toBe('–');
  expect(formatCompact(0)).toBe('0');
});

it('tells neighbouring ticks apart', () => {
  expect([0, 0.25, 0.5].map((tick) => formatTick(tick, 0.25))).toEqual(['0.00', '0.25', '0.50']);
  expect([0.005, 0.01].map((tick) => formatTick(tick, 0.005))).toEqual(['0.005', '0.010']);
  expect([0, 500, 1000].map((tick) => formatTick(tick, 500))).toEqual(['0', '500', '1,000']);
});
