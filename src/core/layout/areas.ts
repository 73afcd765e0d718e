/** Which points of a plane lie within areas drawn by hand. */

/** Corners, [x, y] in turn; the last is joined to the first. Even-odd rule. */
export type Area = ArrayLike<number>;

const FEWEST_BANDS = 64;
const MOST_BANDS = 4096;

/** Edges of an area by the horizontal bands that they reach into: a point is held against those of its own band alone. */
class Bands {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly #area: Area;
  readonly #count: number;
  /** Corners at which the edges of each band end, band after band. */
  readonly #ends: Uint32Array;
  readonly #starts: Uint32Array;

  constructor(area: Area) {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let at = 0; at < area.length; at += 2) {
      left = Math.min(left, area[at] as number);
      right = Math.max(right, area[at] as number);
      top = Math.min(top, area[at + 1] as number);
      bottom = Math.max(bottom, area[at + 1] as number);
    }
    this.left = left;
    this.right = right;
    this.top = top;
    this.bottom = bottom;
    this.#area = area;
    const corners = area.length / 2;
    this.#count = Math.min(MOST_BANDS, Math.max(FEWEST_BANDS, 2 * corners));
    this.#starts = new Uint32Array(this.#count + 1);
    const reach = (corner: number): [first: number, last: number] => {
      const y1 = area[2 * corner + 1] as number;
      const y2 = area[2 * ((corner + corners - 1) % corners) + 1] as number;
      return [this.#band(Math.min(y1, y2)), this.#band(Math.max(y1, y2))];
    };
    for (let corner = 0; corner < corners; corner++) {
      const [first, last] = reach(corner);
      for (let band = first; band <= last; band++) this.#starts[band + 1]! += 1;
    }
    for (let band = 0; band < this.#count; band++) this.#starts[band + 1]! += this.#starts[band] as number;
    const next = this.#starts.slice();
    this.#ends = new Uint32Array(this.#starts[this.#count] as number);
    for (let corner = 0; corner < corners; corner++) {
      const [first, last] = reach(corner);
      for (let band = first; band <= last; band++) {
        const place = next[band] as number;
        this.#ends[place] = corner;
        next[band] = place + 1;
      }
    }
  }

  #band(y: number): number {
    const tall = this.bottom - this.top;
    return tall > 0 ? Math.min(this.#count - 1, Math.floor(((y - this.top) / tall) * this.#count)) : 0;
  }

  /** For a point between `top` and `bottom`. */
  holds(x: number, y: number): boolean {
    const area = this.#area;
    const corners = area.length / 2;
    const band = this.#band(y);
    let inside = false;
    for (let place = this.#starts[band] as number; place < (this.#starts[band + 1] as number); place++) {
      const at = this.#ends[place] as number;
      const before = at === 0 ? corners - 1 : at - 1;
      const y1 = area[2 * at + 1] as number;
      const y2 = area[2 * before + 1] as number;
      if (y1 > y === y2 > y) continue;
      const x1 = area[2 * at] as number;
      const x2 = area[2 * before] as number;
      if (x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
    }
    return inside;
  }
}

/** 1 for each point (rows × 2) that lies in any of the areas. */
export function insideAreas(areas: readonly Area[], points: ArrayLike<number>): Uint8Array {
  const inside = new Uint8Array(points.length / 2);
  for (const area of areas) {
    const bands = new Bands(area);
    const { left, right, top, bottom } = bands;
    for (let row = 0; row < inside.length; row++) {
      const x = points[2 * row] as number;
      const y = points[2 * row + 1] as number;
      if (x < left || x > right || y < top || y > bottom || inside[row] === 1) continue;
      if (bands.holds(x, y)) inside[row] = 1;
    }
  }
  return inside;
}
