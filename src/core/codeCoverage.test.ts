import { expect, it } from 'vitest';
import { labelsWanted } from './codeCoverage.ts';

it('brings codes with fewer than ten labels to ten, and never asks for more pairs than there are', () => {
  const codes = [
    { code: 0, pairs: 100, labelled: 0 },
    { code: 1, pairs: 4, labelled: 1 },
    { code: 2, pairs: 40, labelled: 10 },
    { code: 3, pairs: 0, labelled: 0 },
  ];
  expect(labelsWanted(codes)).toEqual([10, 3, 0, 0]);
});

it('brings a code whose share of labels is below half of the overall one to that share', () => {
  // Overall 250 of 500, a half: code 1 would have 100 of its 200, and has 40.
  const codes = [
    { code: 0, pairs: 300, labelled: 210 },
    { code: 1, pairs: 200, labelled: 40 },
  ];
  expect(labelsWanted(codes)).toEqual([0, 60]);
  // From half of it on it is left in peace.
  expect(labelsWanted([codes[0]!, { code: 1, pairs: 200, labelled: 100 }])).toEqual([0, 0]);
});

it('wants nothing where there are no codes', () => {
  expect(labelsWanted([])).toEqual([]);
});
