import { expect, it } from 'vitest';
import { goldOrder, isGoldPlace, withGold } from './gold.ts';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

it('takes its share of places, others for each person', () => {
  const places = (person: number) => range(0, 10_000).filter((place) => isGoldPlace(person, place, 0.1));
  for (const person of [1, 2, 3]) {
    // Four standard errors of 10,000 draws at 0.1.
    expect(Math.abs(places(person).length - 1000)).toBeLessThan(120);
  }
  const second = new Set(places(2));
  expect(places(1).filter((place) => second.has(place)).length).toBeLessThan(200);
  expect(range(0, 100).some((place) => isGoldPlace(1, place, 0))).toBe(false);
});

it('comes in an order of each person’s own, all of it', () => {
  const ids = range(1, 50);
  expect(goldOrder(1, ids)).not.toEqual(goldOrder(2, ids));
  expect(goldOrder(1, [...ids].reverse())).toEqual(goldOrder(1, ids));
  expect([...goldOrder(1, ids)].sort((a, b) => a - b)).toEqual(ids);
});

it('shows again what it showed ahead, pair after pair, and ends with what is left', () => {
  let open = range(1, 41);
  let gold = range(101, 111);
  const seen: number[] = [];
  let before: number[] = [];
  for (let decided = 0; open.length + gold.length > 0; decided++) {
    const next = withGold(open, gold, { person: 3, decided, rate: 0.2, limit: 5 });
    expect(next.slice(0, before.length)).toEqual(before);
    const first = next[0] as number;
    seen.push(first);
    before = next.slice(1);
    open = open.filter((id) => id !== first);
    gold = gold.filter((id) => id !== first);
  }
  expect(seen).toHaveLength(50);
  expect(new Set(seen).size).toBe(50);
  expect(seen.findIndex((id) => id > 100)).toBeLessThan(30);
});
