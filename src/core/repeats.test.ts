import { expect, it } from 'vitest';
import { isRepeatPlace, withRepeats } from './repeats.ts';

const ids = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

it('takes about the share that is asked for, at places of each person’s own', () => {
  const places = (person: number) => ids(20_000).filter((place) => isRepeatPlace(person, place, 0.05));
  // A binomial of 20,000 at 5 % lies within 123 of 1,000 but for one time in ten thousand.
  for (const person of [1, 2, 3]) expect(Math.abs(places(person).length - 1000)).toBeLessThan(123);
  const others = new Set(places(2));
  const shared = places(1).filter((place) => others.has(place)).length;
  expect(shared).toBeLessThan(100);
});

it('puts repeats at the same places however far a person has come', () => {
  const asked = { person: 7, rate: 0.3 };
  const whole = withRepeats(ids(40), { ...asked, decided: 0 }, (place) => 1001 + place);
  let open = ids(40);
  let repeats = 0;
  const one: number[] = [];
  while (open.length > 0) {
    const [next] = withRepeats(open, { ...asked, decided: one.length }, (place) => 1001 + repeats + place);
    one.push(next as number);
    if ((next as number) > 1000) repeats += 1;
    else open = open.slice(1);
  }
  expect(one).toEqual(whole);
  expect(whole.filter((id) => id <= 1000)).toEqual(ids(40));
  expect(repeats).toBeGreaterThan(5);
});

it('goes on with the others where nothing is to come again, and comes to an end with them', () => {
  expect(withRepeats(ids(10), { person: 1, decided: 0, rate: 0.25 }, () => null)).toEqual(ids(10));
  expect(withRepeats([], { person: 1, decided: 0, rate: 0.25 }, () => 5)).toEqual([]);
});
