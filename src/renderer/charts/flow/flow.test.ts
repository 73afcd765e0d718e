import { expect, it } from 'vitest';
import { layoutFlow } from './layout.ts';

const use = (...shares: readonly (readonly [number, number])[]) => ({
  use: shares.map(([code, share]) => ({ code, share })),
});

it('draws each code as tall as its share, later ones in the place of what they go on from', () => {
  const columns = [use([0, 0.2], [1, 0.8]), use([0, 0.1], [2, 0.3], [5, 0.6])];
  const changes = [
    {
      kept: [
        { from: 0, to: 0 },
        { from: 1, to: 5 },
      ],
      born: [{ code: 2, from: 1 }],
      died: [],
    },
  ];
  const { bars, ribbons, middles } = layoutFlow(columns, changes, { width: 200, height: 100 });
  expect(middles).toEqual([50, 150]);
  // Two gaps of 3 pixels are left free in each column.
  const told = bars.map(({ column, code, y, height }) => [column, code, y, height].map((n) => Math.round(n)));
  expect(told).toEqual([
    [0, 1, 0, 75],
    [0, 0, 78, 19],
    [1, 5, 0, 56],
    [1, 2, 59, 28],
    [1, 0, 91, 9],
  ]);
  expect(ribbons.map(({ kind, from, to }) => [kind, from, to])).toEqual([
    ['kept', 0, 0],
    ['kept', 1, 5],
    ['split', 1, 2],
  ]);
});

it('draws nothing where there is nothing, and no ribbon to a code that came from none', () => {
  expect(layoutFlow([], [], { width: 10, height: 10 }).bars).toEqual([]);
  const { ribbons } = layoutFlow(
    [use([0, 1]), use([1, 1])],
    [{ kept: [], born: [{ code: 1, from: null }], died: [{ code: 0, into: null }] }],
    { width: 100, height: 100 },
  );
  expect(ribbons).toEqual([]);
});
