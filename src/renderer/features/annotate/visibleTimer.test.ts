import { expect, it } from 'vitest';
import { elapsed, setVisible, startTimer } from './visibleTimer.ts';

it('counts only what was visible', () => {
  let timer = startTimer(1_000, true);
  timer = setVisible(timer, 3_000, false);
  expect(elapsed(timer, 60_000)).toBe(2_000);
  timer = setVisible(timer, 100_000, true);
  expect(elapsed(timer, 101_500)).toBe(3_500);
});

it('does not start while the window is hidden, nor count a repeated signal twice', () => {
  let timer = startTimer(0, false);
  expect(elapsed(timer, 9_000)).toBe(0);
  timer = setVisible(timer, 10_000, true);
  timer = setVisible(timer, 11_000, true);
  expect(elapsed(timer, 12_000)).toBe(2_000);
  timer = setVisible(setVisible(timer, 12_000, false), 20_000, false);
  expect(elapsed(timer, 30_000)).toBe(2_000);
});
