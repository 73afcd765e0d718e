/** A quadtree over points of a plane, for forces between all of them at the cost of some (Barnes & Hut 1986). */

const DEEPEST = 40;

export class QuadTree {
  #children = new Int32Array(0);
  #counts = new Float64Array(0);
  #sumX = new Float64Array(0);
  #sumY = new Float64Array(0);
  #size = 0;
  #nodes = 0;
  readonly #open = new Int32Array(4 * DEEPEST + 8);
  readonly #openSize = new Float64Array(4 * DEEPEST + 8);

  /** Of points, rows × 2. What was there before is forgotten. */
  fill(at: Float32Array): void {
    const count = at.length / 2;
    const room = 4 * count + 64;
    if (this.#counts.length < room) this.#grow(room);
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const value of at) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    this.#size = Math.max(1e-9, (high - low) * 1.0001);
    this.#nodes = 0;
    this.#node();
    for (let row = 0; row < count; row++)
      this.#add(at[2 * row] as number, at[2 * row + 1] as number, low, low, this.#size);
  }

  /** Adds to `force` [Σ q²·dx, Σ q²·dy, Σ q] over all points, q = 1 / (1 + d²); cells seen at less than `theta` count as one. */
  repel(x: number, y: number, theta: number, force: Float64Array): void {
    const stack = this.#open;
    const sizes = this.#openSize;
    let top = 0;
    stack[0] = 0;
    sizes[0] = this.#size;
    while (top >= 0) {
      const node = stack[top] as number;
      const size = sizes[top] as number;
      top -= 1;
      const count = this.#counts[node] as number;
      if (count === 0) continue;
      const dx = x - (this.#sumX[node] as number) / count;
      const dy = y - (this.#sumY[node] as number) / count;
      const squared = dx * dx + dy * dy;
      const child = this.#children[node] as number;
      if (child === 0 || size * size < theta * theta * squared) {
        const q = 1 / (1 + squared);
        const pushed = count * q * q;
        force[0] = (force[0] as number) + pushed * dx;
        force[1] = (force[1] as number) + pushed * dy;
        force[2] = (force[2] as number) + count * q;
        continue;
      }
      for (let part = 0; part < 4; part++) {
        top += 1;
        stack[top] = child + part;
        sizes[top] = size / 2;
      }
    }
  }

  #grow(room: number): void {
    const longer = (old: Float64Array) => {
      const next = new Float64Array(room);
      next.set(old);
      return next;
    };
    const children = new Int32Array(room);
    children.set(this.#children);
    this.#children = children;
    this.#counts = longer(this.#counts);
    this.#sumX = longer(this.#sumX);
    this.#sumY = longer(this.#sumY);
  }

  #node(): number {
    const node = this.#nodes++;
    if (node >= this.#counts.length) this.#grow(2 * this.#counts.length);
    this.#children[node] = 0;
    this.#counts[node] = 0;
    this.#sumX[node] = 0;
    this.#sumY[node] = 0;
    return node;
  }

  #add(x: number, y: number, left: number, top: number, whole: number): void {
    let node = 0;
    let size = whole;
    let fromX = left;
    let fromY = top;
    for (let depth = 0; ; depth++) {
      const count = this.#counts[node] as number;
      if (count > 0 && (this.#children[node] as number) === 0) {
        const oldX = (this.#sumX[node] as number) / count;
        const oldY = (this.#sumY[node] as number) / count;
        // Points in one place share a leaf.
        if (depth < DEEPEST && (oldX !== x || oldY !== y)) {
          const first = this.#node();
          for (let part = 1; part < 4; part++) this.#node();
          this.#children[node] = first;
          const place = (oldX >= fromX + size / 2 ? 1 : 0) + (oldY >= fromY + size / 2 ? 2 : 0) + first;
          this.#counts[place] = count;
          this.#sumX[place] = oldX * count;
          this.#sumY[place] = oldY * count;
        }
      }
      this.#counts[node] = count + 1;
      this.#sumX[node] = (this.#sumX[node] as number) + x;
      this.#sumY[node] = (this.#sumY[node] as number) + y;
      const child = this.#children[node] as number;
      if (child === 0) return;
      size /= 2;
      const right = x >= fromX + size ? 1 : 0;
      const below = y >= fromY + size ? 1 : 0;
      if (right) fromX += size;
      if (below) fromY += size;
      node = child + right + 2 * below;
    }
  }
}
