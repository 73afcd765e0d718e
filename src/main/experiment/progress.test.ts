import { expect, test } from 'vitest';
import { experimentProgress } from './progress.ts';
import type { Cell, CellResult } from './types.ts';

const cell = (key: string): Cell => ({ key }) as Cell;
const done = (key: string): CellResult =>
  ({ cell: cell(key), figures: { accuracy: 0.5 }, seconds: 60 }) as CellResult;

function followed() {
  const lines: string[] = [];
  let nowMs = 0;
  const stream = { isTTY: false, write: (text: string) => lines.push(text.trimEnd()) };
  const progress = experimentProgress(stream as unknown as NodeJS.WriteStream, () => nowMs);
  return { lines, progress, at: (minutes: number) => (nowMs = minutes * 60_000) };
}

test('time left counts the cells of this start, and parts of those under way', () => {
  const { lines, progress, at } = followed();
  progress.event({ type: 'started', total: 10, known: 4 });
  expect(lines).toEqual(['10 cells, 4 of them done before']);
  at(1);
  progress.event({ type: 'share', cell: cell('b'), share: 0.1 });
  expect(lines.at(-1)).toBe('4 of 10 done: b 10.0 %');
  at(2);
  // One and a half of six cells in two minutes: four and a half take six.
  progress.event({ type: 'share', cell: cell('b'), share: 0.5 });
  progress.event({ type: 'done', result: done('a') });
  expect(lines.at(-1)).toBe('[5/10] a: accuracy 50.0 % in 1 min, 6 min left');
});

test('a failure is a line of its own, and the last cell has no time left to tell', () => {
  const { lines, progress, at } = followed();
  progress.event({ type: 'started', total: 2, known: 0 });
  at(1);
  progress.event({
    type: 'failed',
    failed: { cell: cell('a'), failure: { code: 'x', message: 'no memory', fix: 'use less' } },
  });
  expect(lines.at(-1)).toBe('[1/2] a: error: no memory fix: use less, 1 min left');
  progress.event({ type: 'done', result: done('b') });
  expect(lines.at(-1)).toBe('[2/2] b: accuracy 50.0 % in 1 min');
});

test('cells that follow from the first ones are counted by themselves', () => {
  const { lines, progress, at } = followed();
  progress.event({ type: 'started', total: 1, known: 0 });
  at(1);
  progress.event({ type: 'done', result: done('a') });
  progress.event({ type: 'started', total: 2, known: 1 });
  at(2);
  progress.event({ type: 'done', result: done('b') });
  expect(lines.at(-1)).toBe('[2/2] b: accuracy 50.0 % in 1 min');
});
