import { expect, it } from 'vitest';
import { scatterLabels } from './labels.ts';
import { PointPainter } from './PointPainter.ts';
import { moved, toFrame, toPicture, wholeView, zoomed } from './view.ts';

const frame = { width: 200, height: 100 };

it('shows the whole picture first, keeps what is under the pointer while zooming, and comes back to the whole', () => {
  const whole = wholeView(frame, 1000);
  expect(toFrame(whole, frame, [500, 500])).toEqual([100, 50]);
  const near = zoomed(whole, frame, 1000, 4, [60, 30]);
  const before = toPicture(whole, frame, [60, 30]);
  const after = toPicture(near, frame, [60, 30]);
  expect(after[0]).toBeCloseTo(before[0], 6);
  expect(after[1]).toBeCloseTo(before[1], 6);
  expect(zoomed(near, frame, 1000, 0.01)).toEqual(whole);
  expect(moved(near, 1000, 1e9, 0).x).toBe(0);
});

it('mixes the colours of points in one place, covers more where there are more, and keeps those not chosen below', () => {
  const painter = new PointPainter();
  const points = {
    places: Uint16Array.of(500, 500, 500, 500, 0, 500),
    colours: Uint16Array.of(0, 1, 9),
    palette: [
      [200, 0, 0],
      [0, 0, 100],
    ] as const,
    muted: [50, 50, 50] as const,
    chosen: null,
  };
  const view = wholeView(frame, 1000);
  const at = (pixels: Uint8ClampedArray, x: number, y: number) => [
    ...pixels.subarray(4 * (y * 200 + x), 4 * (y * 200 + x) + 4),
  ];
  const all = painter.paint(points, view, frame, 1);
  expect(at(all, 100, 50)).toEqual([100, 0, 50, 249]);
  expect(at(all, 53, 50)).toEqual([50, 50, 50, 217]);
  expect(at(all, 10, 10)).toEqual([0, 0, 0, 0]);
  const chosen = painter.paint({ ...points, chosen: Uint8Array.of(0, 1, 0) }, view, frame, 1);
  expect(at(chosen, 100, 50)).toEqual([0, 0, 100, 217]);
  expect(at(chosen, 53, 50)).toEqual([50, 50, 50, 217]);
});

it('names the places where one name prevails, and no two on one another', () => {
  const places = Uint16Array.of(100, 500, 110, 500, 120, 500, 900, 500, 910, 500, 905, 505);
  const names = Uint16Array.of(3, 3, 1, 2, 2, 9);
  const labels = scatterLabels(places, names, 5, wholeView({ width: 400, height: 400 }, 1000), {
    width: 400,
    height: 400,
  });
  expect(labels.map(({ name, points }) => ({ name, points }))).toEqual([
    { name: 2, points: 2 },
    { name: 3, points: 2 },
  ]);
});
