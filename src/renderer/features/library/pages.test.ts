import { expect, it } from 'vitest';
import { movedRow, PAGE_ROWS, pagesFor } from './pages.ts';

it('asks for each page that is in sight once', () => {
  expect(pagesFor(0, 30, 60_000)).toEqual([0]);
  expect(pagesFor(PAGE_ROWS - 1, PAGE_ROWS, 60_000)).toEqual([0, 1]);
  expect(pagesFor(59_950, 60_040, 60_000)).toEqual([599]);
  expect(pagesFor(0, 30, 0)).toEqual([]);
});

it('keeps the selection inside the table', () => {
  expect(movedRow('ArrowUp', 0, 10, 5)).toBe(0);
  expect(movedRow('ArrowDown', null, 10, 5)).toBe(0);
  expect(movedRow('PageDown', 8, 10, 5)).toBe(9);
  expect(movedRow('End', 2, 10, 5)).toBe(9);
  expect(movedRow('x', 2, 10, 5)).toBeNull();
  expect(movedRow('ArrowDown', null, 0, 5)).toBeNull();
});
