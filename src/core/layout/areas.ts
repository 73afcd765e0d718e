/** Which points of a plane lie within areas drawn by hand. */

/** Corners, [x, y] in turn; the last is joined to the first. Even-odd rule. */
export type Area = ArrayLike<number>;

function insideArea(area: Area, x: number, y: number): boolean {
  let inside = false;
  const corners = area.length / 2;
  for (let at = 0, before = corners - 1; at < corners; before = at++) {
    const y1 = area[2 * at + 1] as number;
    const y2 = area[2 * before + 1] as number;
    if (y1 > y === y2 > y) continue;
    const x1 = area[2 * at] as number;
    const x2 = area[2 * before] as number;
    if (x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

/** 1 for each point (rows × 2) that lies in any of the areas. */
export function insideAreas(areas: readonly Area[], points: ArrayLike<number>): Uint8Array {
  const inside = new Uint8Array(points.length / 2);
  for (const area of areas) {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let at = 0; at < area.length; at += 2) {
      left = Math.min(left, area[at] as number);
      right = Math.max(right, area[at] as number);
      top = Math.min(top, area[at + 1] as number);
      bottom = Math.max(bottom, area[at + 1] as number);
    }
    for (let row = 0; row < inside.length; row++) {
      const x = points[2 * row] as number;
      const y = points[2 * row + 1] as number;
      if (x < left || x > right || y < top || y > bottom || inside[row] === 1) continue;
      if (insideArea(area, x, y)) inside[row] = 1;
    }
  }
  return inside;
}
