import { expect, it } from 'vitest';
import { orderCodes, ordersFor } from './codeOrder.ts';

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

it('by effect puts codes together that lift the same group, by accuracy over the mean of the codes; unmeasured ones last', () => {
  const effect = (group: string, accuracy: number) => ({
    ...{ group, pairs: 10, accuracy, low: 0, high: 1, margin: 0, pinnedAccuracy: accuracy },
  });
  const causes = {
    ...{ pairs: 20, groupedBy: 'source' as const, reason: null, recovery: null },
    ...{ gainOverOneCode: null, gainOverOff: null, gainOverShared: null },
    codes: [
      { code: 0, serves: 'cakes', effects: [effect('cakes', 0.9), effect('rain', 0.5)] },
      { code: 1, serves: null, effects: [effect('cakes', 0.4), effect('rain', 0.6)] },
      // It lifts rain most, though its accuracy on cakes is the higher one.
      { code: 3, serves: 'rain', effects: [effect('cakes', 0.8), effect('rain', 0.7)] },
      { code: 4, serves: 'cakes', effects: [effect('cakes', 0.95), effect('rain', 0.2)] },
    ],
  };
  const all = [0, 1, 2, 3, 4].map((code) => summary(code, 0.2, 1, code));
  // Means: cakes 0.7625, rain 0.5. Lifts: 0 cakes .1375, 1 rain .1, 3 rain .2, 4 cakes .1875; 2 was not forced.
  expect(orderCodes(all, 'effect', causes).map(({ code }) => code)).toEqual([3, 1, 4, 0, 2]);
  expect(orderCodes(all, 'effect', null).map(({ code }) => code)).toEqual([0, 1, 2, 3, 4]);
  expect(ordersFor(causes)).toContain('effect');
  expect(ordersFor(null)).not.toContain('effect');
});
