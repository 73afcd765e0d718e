import { expect, it } from 'vitest';
import { elapsed, noteSign, setVisible, startTimer } from './visibleTimer.ts';

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

it('rests while nobody gives a sign of life for two minutes', () => {
  let timer = startTimer(0, true);
  timer = noteSign(timer, 100_000);
  expect(elapsed(timer, 200_000)).toBe(200_000);
  // The last sign was at 100 s: it counts up to 220 s.
  expect(elapsed(timer, 900_000)).toBe(220_000);
  timer = noteSign(timer, 1_000_000);
  expect(elapsed(timer, 1_010_000)).toBe(230_000);
  timer = setVisible(timer, 1_010_000, false);
  timer = setVisible(timer, 5_000_000, true);
  expect(elapsed(timer, 5_001_000)).toBe(231_000);
});
