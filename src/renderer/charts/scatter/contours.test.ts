import { expect, it } from 'vitest';
import { normals } from '#core/random.ts';
import { contoursOf } from './contours.ts';
import { wholeView } from './view.ts';

const FRAME = { width: 600, height: 600 };
const EDGE = 65_535;
const VIEW = wholeView(FRAME, EDGE);

/** Ends of the segments of a path, in the frame. */
const endsOf = (path: string) =>
  [...path.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);

it('lie where a normal density has them: around half of it at 1.177 standard deviations', () => {
  const spread = EDGE / 8;
  const values = normals({ seed: 3, stream: 'contours', counter: 0 }, 100_000, spread);
  const places = Uint16Array.from(values, (value) => Math.min(EDGE, Math.max(0, value + EDGE / 2)));
  const contours = contoursOf(places, VIEW, FRAME);
  expect(contours.map(({ share }) => share)).toEqual([0.25, 0.5, 0.75, 0.95]);
  for (const { share, path } of contours) {
    // Of a normal density in the plane, the part within r has 1 − exp(−r² / 2).
    const right = Math.sqrt(-2 * Math.log(1 - share)) * spread * VIEW.scale;
    const radii = endsOf(path).map(([x, y]) => Math.hypot(x - 300, y - 300));
    const mean = radii.reduce((sum, radius) => sum + radius, 0) / radii.length;
    expect(Math.abs(mean - right) / right).toBeLessThan(0.06);
    expect(Math.max(...radii) - Math.min(...radii)).toBeLessThan(0.4 * right + 12);
  }
});

it('surround each of two groups apart, and close beyond the frame', () => {
  const values = normals({ seed: 4, stream: 'contours', counter: 0 }, 20_000, EDGE / 40);
  const places = Uint16Array.from(values, (value, at) => {
    const row = at >> 1;
    return Math.min(EDGE, Math.max(0, value + (row % 2 === 0 ? EDGE / 4 : (3 * EDGE) / 4)));
  });
  const half = contoursOf(places, VIEW, FRAME)[1];
  const ends = endsOf(half?.path ?? '');
  const middle = (from: number) => ends.filter(([x]) => x > from && x < from + 300);
  expect(middle(0).length).toBeGreaterThan(8);
  expect(middle(300).length).toBeGreaterThan(8);
  // Nothing crosses the empty middle.
  expect(ends.some(([x, y]) => Math.hypot(x - 300, y - 300) < 60)).toBe(false);
});

it('are none for a handful of points, or where none is seen', () => {
  expect(
    contoursOf(
      Uint16Array.from({ length: 20 }, (_, at) => at * 1000),
      VIEW,
      FRAME,
    ),
  ).toEqual([]);
  expect(contoursOf(new Uint16Array(0), VIEW, FRAME)).toEqual([]);
});
