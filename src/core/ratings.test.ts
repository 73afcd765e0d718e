import { expect, it } from 'vitest';
import { isGoodRating, mostSay, shuffledPlace } from './ratings.ts';

it.each([1, 2, 3, 7, 100, 1025])('goes through each of %i replies once', (size) => {
  const places = Array.from({ length: size }, (_, place) => shuffledPlace(place, size));
  expect([...places].sort((x, y) => x - y)).toEqual(Array.from({ length: size }, (_, place) => place));
});

it('keeps the two replies of a pair apart, mostly', () => {
  const places = Array.from({ length: 1000 }, (_, place) => shuffledPlace(place, 1000));
  const near = places.filter((id, at) => Math.abs(id - (places[at + 1] ?? 1e9)) === 1).length;
  expect(near).toBeLessThan(10);
});

it('counts a rating as good by its scale, and what most people say', () => {
  expect([0, 1].map((value) => isGoodRating('thumbs', value, 4))).toEqual([false, true]);
  expect([1, 2, 3, 4, 5].map((value) => isGoodRating('five', value, 4))).toEqual([
    false,
    false,
    false,
    true,
    true,
  ]);
  expect(isGoodRating('five', 3, 3)).toBe(true);
  expect([[true], [true, false], [true, true, false], [false], []].map(mostSay)).toEqual([
    true,
    null,
    true,
    false,
    null,
  ]);
});
