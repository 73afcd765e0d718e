/** 95 % interval of a share by Wilson's score: sound for few pairs and shares near 0 or 1. */
export function wilsonInterval(share: number, count: number): readonly [low: number, high: number] {
  if (count <= 0) return [0, 1];
  const z = 1.959964;
  const divisor = 1 + z ** 2 / count;
  const centre = (share + z ** 2 / (2 * count)) / divisor;
  const half = (z / divisor) * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
