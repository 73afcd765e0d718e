import { MAP_EDGE } from '#shared/codeMap.ts';

/** Whole numbers from 0 to `MAP_EDGE`, the same scale in both directions, in the middle. */
export function placesOf(picture: Float32Array): Uint16Array {
  const low = [Infinity, Infinity] as [number, number];
  const high = [-Infinity, -Infinity] as [number, number];
  for (let at = 0; at < picture.length; at++) {
    const axis = (at % 2) as 0 | 1;
    low[axis] = Math.min(low[axis], picture[at] as number);
    high[axis] = Math.max(high[axis], picture[at] as number);
  }
  const span = Math.max(high[0] - low[0], high[1] - low[1]);
  return Uint16Array.from(picture, (value, at) => {
    const axis = (at % 2) as 0 | 1;
    const fromMiddle = span > 0 ? (value - (low[axis] + high[axis]) / 2) / span : 0;
    return Math.round((fromMiddle + 0.5) * MAP_EDGE);
  });
}
