import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  even,
  move,
  type Order,
  orderOf,
  orderWords,
  put,
  putAt,
  putWith,
  ranksOf,
  takeLast,
} from './order.ts';

const IDS = [11, 12, 13, 14];
const placed = (...ids: number[]): Order => ids.reduce<Order>((order, id) => put(order, id, IDS, false), []);

describe('an order of replies', () => {
  it('takes the next best one after another, and gives the last its place', () => {
    expect(placed(13)).toEqual([[13]]);
    expect(placed(13, 11, 14)).toEqual([[13], [11], [14], [12]]);
    expect(put(placed(13, 11), 13, IDS, false)).toEqual([[11]]);
  });

  it('ties what comes next with what came before, and a reply with the one above', () => {
    expect(put(placed(13), 11, IDS, true)).toEqual([[13, 11]]);
    const whole = placed(13, 11, 14);
    expect(even(whole, 14, IDS)).toEqual([[13], [11, 14], [12]]);
    expect(even(even(whole, 14, IDS), 14, IDS)).toEqual(whole);
    expect(even(whole, 13, IDS)).toEqual(whole);
  });

  it('moves a reply past the next, out of a tie first', () => {
    const whole = placed(13, 11, 14);
    expect(move(whole, 12, -1, IDS)).toEqual([[13], [11], [12], [14]]);
    expect(move(whole, 13, 1, IDS)).toEqual([[11], [13], [14], [12]]);
    expect(move(whole, 13, -1, IDS)).toEqual(whole);
    expect(move([[13, 11], [14], [12]], 11, -1, IDS)).toEqual([[11], [13], [14], [12]]);
    expect(move([], 12, 1, IDS)).toEqual([[12]]);
  });

  it('takes what is dropped between places, or on one', () => {
    const whole = placed(13, 11, 14);
    expect(putAt(whole, 13, 2, IDS)).toEqual([[11], [13], [14], [12]]);
    expect(putAt(whole, 12, 0, IDS)).toEqual([[12], [13], [11], [14]]);
    expect(putWith(whole, 12, 13, IDS)).toEqual([[13, 12], [11], [14]]);
    expect(takeLast(whole)).toEqual([[13], [11], [14]]);
  });

  it('is said by the numbers on screen', () => {
    expect(orderWords([[13], [11, 14]], IDS)).toBe(
      '1st: reply 3. 2nd: replies 1 and 4. Not placed: reply 2.',
    );
  });

  it('holds each reply at most once whatever is done, and is the same from its ranks', () => {
    const id = fc.constantFrom(...IDS);
    const step = fc.oneof(
      fc.tuple(id, fc.boolean()).map(
        ([one, tie]) =>
          (order: Order) =>
            put(order, one, IDS, tie),
      ),
      fc.tuple(id, fc.nat(4)).map(
        ([one, at]) =>
          (order: Order) =>
            putAt(order, one, Math.min(at, order.length), IDS),
      ),
      fc.tuple(id, id).map(
        ([one, other]) =>
          (order: Order) =>
            putWith(order, one, other, IDS),
      ),
      id.map((one) => (order: Order) => even(order, one, IDS)),
      fc.tuple(id, fc.constantFrom(-1 as const, 1 as const)).map(
        ([one, by]) =>
          (order: Order) =>
            move(order, one, by, IDS),
      ),
      fc.constant(takeLast),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const order = steps.reduce<Order>((now, next) => next(now), []);
        const ids = order.flat();
        expect(new Set(ids).size).toBe(ids.length);
        expect(order.every((place) => place.length > 0)).toBe(true);
        const sorted = (one: Order) => one.map((place) => place.toSorted());
        expect(sorted(orderOf(ranksOf(order)))).toEqual(sorted(order));
      }),
    );
  });
});
