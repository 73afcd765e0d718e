import { expect, it } from 'vitest';
import { isBetter } from './bestCheckpoint.ts';

const held = (loss: number, accuracy = 0.5) => ({ loss, accuracy });

it('by loss goes by the held-out loss alone, and keeps the earlier of two that are equal', () => {
  expect(isBetter('loss', held(0.9), null)).toBe(true);
  expect(isBetter('loss', held(0.5, 0.1), held(0.6, 0.9))).toBe(true);
  expect(isBetter('loss', held(0.6, 0.9), held(0.6, 0.1))).toBe(false);
  expect(isBetter('loss', held(Number.NaN), held(0.6))).toBe(false);
});

it('by accuracy takes the more accurate one whatever its loss, and the lower loss of two that are as accurate', () => {
  expect(isBetter('accuracy', held(0.9, 0.1), null)).toBe(true);
  expect(isBetter('accuracy', held(0.9, 0.7), held(0.6, 0.6))).toBe(true);
  expect(isBetter('accuracy', held(0.1, 0.5), held(0.6, 0.6))).toBe(false);
  expect(isBetter('accuracy', held(0.5, 0.6), held(0.6, 0.6))).toBe(true);
  expect(isBetter('accuracy', held(0.6, 0.6), held(0.6, 0.6))).toBe(false);
});
