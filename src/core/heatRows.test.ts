import { expect, it } from 'vitest';
import { HeatRows } from './heatRows.ts';
import { randomSource } from './random.ts';

it('orders by group, then strongest code, then its weight falling, then row', () => {
  const weights = new Float32Array([0.25, 0.75, 1, 0, 0.5, 0.5, 0.75, 0.25, 0, 1]);
  const heat = new HeatRows(weights, 2, ['b', 'a', 'a', 'a', 'b']);
  expect([...heat.order]).toEqual([1, 3, 2, 4, 0]);
  expect(heat.groups).toEqual([
    { name: 'a', start: 0, rows: 3 },
    { name: 'b', start: 3, rows: 2 },
  ]);
  expect(heat.largest).toBe(1);
});

it('gives the mean and the strongest row of any stretch, as a pass over its rows does', () => {
  const codes = 5;
  const rows = 700;
  const random = randomSource({ seed: 4, stream: 'heat', counter: 0 });
  const weights = Float32Array.from({ length: rows * codes }, () => Math.round(random.uniform() * 64) / 64);
  const heat = new HeatRows(
    weights,
    codes,
    Array.from({ length: rows }, (_, row) => `group ${row % 3}`),
  );
  const lines = [
    [0, 700],
    [1, 63],
    [63, 2],
    [64, 64],
    [10, 300],
    [699, 1],
  ].map(([start, count]) => ({ start: start as number, rows: count as number }));
  const { means, strongest } = heat.figures(lines);
  for (const [line, { start, rows: count }] of lines.entries())
    for (let code = 0; code < codes; code++) {
      const own = Array.from({ length: count }, (_, at) => heat.weight(start + at, code));
      expect(means[line * codes + code]).toBeCloseTo(own.reduce((sum, weight) => sum + weight, 0) / count, 6);
      expect(strongest[line * codes + code]).toBe(start + own.indexOf(Math.max(...own)));
    }
});

it('holds nothing where there is no row', () => {
  const heat = new HeatRows(new Float32Array(0), 3, []);
  expect([heat.groups, heat.largest, heat.order.length]).toEqual([[], 0, 0]);
});
