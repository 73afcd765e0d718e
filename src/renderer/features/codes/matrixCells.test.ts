import { expect, it } from 'vitest';
import { matrixCells, measuresOf } from './matrixCells.ts';

const groups = [
  { name: 'sky', pairs: 10, mean: [0.5, 0.1, 0.4], first: [6, 0, 4] },
  { name: 'shop', pairs: 4, mean: [0.2, 0, 0.8], first: [0, 0, 4] },
];
const effect = (group: string, accuracy: number) => ({
  group,
  pairs: 8,
  margin: 0,
  accuracy,
  low: 0,
  high: 1,
  pinnedAccuracy: accuracy,
});
const causes = {
  pairs: 16,
  groupedBy: 'source' as const,
  reason: null,
  recovery: null,
  gainOverOneCode: null,
  gainOverOff: null,
  gainOverShared: null,
  codes: [{ code: 2, serves: 'sky', effects: [effect('sky', 0.75)] }],
};

it('colours means by the largest of all, counts by the largest of their group', () => {
  expect(matrixCells({ groups }, [2, 0], 'mean', null)).toEqual([
    [
      { value: 0.4, strength: 0.5 },
      { value: 0.5, strength: 0.625 },
    ],
    [
      { value: 0.8, strength: 1 },
      { value: 0.2, strength: 0.25 },
    ],
  ]);
  const counts = matrixCells({ groups }, [0, 2], 'pairs', null);
  expect(counts.map((row) => row.map(({ strength }) => strength))).toEqual([
    [1, 4 / 6],
    [0, 1],
  ]);
});

it('shows what a forced code gives where it was measured, and colours it above a half', () => {
  expect(measuresOf(causes, 'source')).toContain('accuracy');
  expect(measuresOf(causes, 'tag')).toEqual(['mean', 'pairs']);
  expect(measuresOf(null, 'source')).toEqual(['mean', 'pairs']);
  expect(matrixCells({ groups }, [2, 0], 'accuracy', causes)).toEqual([
    [
      { value: 0.75, strength: 0.5 },
      { value: null, strength: 0 },
    ],
    [
      { value: null, strength: 0 },
      { value: null, strength: 0 },
    ],
  ]);
});
