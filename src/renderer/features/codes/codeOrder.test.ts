import { expect, it } from 'vitest';
import { orderCodes } from './codeOrder.ts';

const summary = (code: number, share: number, first: number, alike: number) => ({
  code,
  share,
  first,
  dead: false,
  alike,
  sources: [],
  keywords: [],
});
const summaries = [summary(2, 0.3, 9, 1), summary(0, 0.3, 1, 0), summary(1, 0.4, 5, 2)];
const codes = (order: Parameters<typeof orderCodes>[1]) =>
  orderCodes(summaries, order).map(({ code }) => code);

it('orders codes four ways and keeps ties stable by number', () => {
  expect(codes('number')).toEqual([0, 1, 2]);
  expect(codes('share')).toEqual([1, 0, 2]);
  expect(codes('first')).toEqual([2, 1, 0]);
  expect(codes('alike')).toEqual([0, 2, 1]);
});
