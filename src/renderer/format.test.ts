import { expect, it } from 'vitest';
import { fileName, formatBytes, formatDuration, formatFigure, formatSeconds, plural } from './format.ts';

it('words durations at their edges', () => {
  expect([0, 89_000, 90_000, 3_599_000, 7_500_000].map(formatDuration)).toEqual([
    '0 s',
    '89 s',
    '2 min',
    '1 h',
    '2 h 5 min',
  ]);
});

it('shows tenths only where they count', () => {
  expect([0, 840, 9_940, 9_960, 14_200, 120_000].map(formatSeconds)).toEqual([
    '0.0 s',
    '0.8 s',
    '9.9 s',
    '10 s',
    '14 s',
    '2 min',
  ]);
});

it('shows a missing figure as missing, never as zero', () => {
  expect(formatFigure(null)).toBe('–');
  expect(formatFigure(Number.NaN)).toBe('–');
  expect(formatFigure(-0.1234)).toBe('−0.123');
});

it('counts, sizes and names', () => {
  expect(plural(1, 'pair')).toBe('1 pair');
  expect(plural(1204, 'pair')).toBe('1,204 pairs');
  expect([0, 999, 1000, 134_217_728].map(formatBytes)).toEqual(['0 B', '999 B', '1.0 kB', '134 MB']);
  expect(fileName('C:\\data\\a.jsonl')).toBe('a.jsonl');
});
