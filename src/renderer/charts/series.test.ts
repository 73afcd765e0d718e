import { describe, expect, it } from 'vitest';
import {
  alignPoints,
  extentOf,
  lastUpTo,
  minMaxColumns,
  runningMean,
  valueAtOrBefore,
  withinRange,
} from './series.ts';

const ramp = (count: number, value: (i: number) => number) => ({
  x: Float64Array.from({ length: count }, (_, i) => i + 1),
  y: Float64Array.from({ length: count }, (_, i) => value(i)),
});

describe('minMaxColumns', () => {
  it('leaves short series alone', () => {
    const points = ramp(10, (i) => i);
    expect(minMaxColumns(points, 5)).toEqual({ ...points, reduced: false });
  });

  it('keeps a single spike among ten thousand steps, both ends, and the order', () => {
    const points = ramp(10_000, (i) => (i === 6173 ? 9 : i === 6175 ? -9 : Math.sin(i / 50)));
    const drawn = minMaxColumns(points, 300);
    expect(drawn.reduced).toBe(true);
    expect(drawn.x.length).toBeLessThanOrEqual(602);
    expect(drawn.y).toContain(9);
    expect(drawn.y).toContain(-9);
    expect(drawn.x[0]).toBe(1);
    expect(drawn.x.at(-1)).toBe(10_000);
    expect(drawn.x.every((at, i) => i === 0 || at > drawn.x[i - 1]!)).toBe(true);
  });

  it('passes over missing values without inventing any', () => {
    const drawn = minMaxColumns(
      ramp(1000, (i) => (i < 500 ? Number.NaN : 2)),
      20,
    );
    expect([...drawn.y].filter((value) => !Number.isNaN(value)).every((value) => value === 2)).toBe(true);
  });

  it('does not fail when all points share one x', () => {
    const points = { x: new Float64Array(100).fill(3), y: Float64Array.from({ length: 100 }, (_, i) => i) };
    expect([...minMaxColumns(points, 10).y]).toContain(99);
  });
});

describe('runningMean', () => {
  it('averages what is in the window, gaps left out', () => {
    expect([...runningMean(Float64Array.of(2, 4, Number.NaN, 6, 8), 2)]).toEqual([2, 3, 4, 6, 7]);
  });
});

describe('alignPoints', () => {
  it('puts steps and rarer evaluations on one axis', () => {
    const aligned = alignPoints([
      { x: Float64Array.of(1, 2, 3), y: Float64Array.of(0.7, 0.6, Number.NaN) },
      { x: Float64Array.of(2, 4), y: Float64Array.of(0.5, 0.8) },
    ]);
    expect(aligned).toEqual([
      [1, 2, 3, 4],
      [0.7, 0.6, null, null],
      [null, 0.5, null, 0.8],
    ]);
    expect(valueAtOrBefore(aligned[2]!, aligned[0], 2).value).toBe(0.5);
    expect(valueAtOrBefore(aligned[2]!, aligned[0], 0)).toEqual({ value: null, step: null });
  });
});

describe('withinRange', () => {
  const points = ramp(100, (i) => i);
  it('keeps one neighbour on either side', () => {
    expect([...withinRange(points, 10, 12).x]).toEqual([9, 10, 11, 12, 13]);
    expect(withinRange(points, 1, 100).x.length).toBe(100);
  });
  it('survives ranges without points', () => {
    expect(withinRange(points, 500, 600).x.length).toBeGreaterThan(0);
    expect(withinRange({ x: new Float64Array(0), y: new Float64Array(0) }, 0, 1).x.length).toBe(0);
  });
});

describe('extentOf', () => {
  it('reads past gaps, and says nothing about an empty line', () => {
    expect(extentOf({ x: Float64Array.of(1, 2, 3), y: Float64Array.of(3, 1, Number.NaN) })).toEqual({
      last: 1,
      lowest: 1,
      highest: 3,
    });
    expect(extentOf({ x: Float64Array.of(1), y: Float64Array.of(Number.NaN) })).toBeNull();
  });
});

it('reads one step of every line: a value of an earlier one is told by its own step', () => {
  const steps = [1, 2, 5, 10];
  expect([0, 1, 4, 5, 99].map((step) => lastUpTo(steps, step))).toEqual([-1, 0, 1, 2, 3]);
  const held = [null, 0.6, null, 0.8];
  expect(valueAtOrBefore(held, steps, lastUpTo(steps, 7))).toEqual({ value: 0.6, step: 2 });
  expect(valueAtOrBefore(held, steps, lastUpTo(steps, 10))).toEqual({ value: 0.8, step: 10 });
  expect(valueAtOrBefore(held, steps, lastUpTo(steps, 0))).toEqual({ value: null, step: null });
});
