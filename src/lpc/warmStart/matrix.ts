/** Dense matrices in double precision, row by row. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

export const matrix = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  data: new Float64Array(rows * columns),
});

export const rowOf = ({ columns, data }: Matrix, row: number): Float64Array =>
  data.subarray(row * columns, (row + 1) * columns);

/** The rows of `of` at these places, in their order. */
export function rowsAt(of: Matrix, places: readonly number[]): Matrix {
  const taken = matrix(places.length, of.columns);
  for (const [row, place] of places.entries()) taken.data.set(rowOf(of, place), row * of.columns);
  return taken;
}

/** All rows as views: making a view costs as much as a short product. */
export const rowViews = (of: Matrix): Float64Array[] =>
  Array.from({ length: of.rows }, (_, row) => rowOf(of, row));

/** Four sums side by side, which a processor adds at once. */
export function dot(a: Float64Array, b: Float64Array): number {
  const { length } = a;
  const even = length - (length % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let i = 0; i < even; i += 4) {
    s0 += (a[i] as number) * (b[i] as number);
    s1 += (a[i + 1] as number) * (b[i + 1] as number);
    s2 += (a[i + 2] as number) * (b[i + 2] as number);
    s3 += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (let i = even; i < length; i++) s0 += (a[i] as number) * (b[i] as number);
  return s0 + s1 + (s2 + s3);
}

/** to += factor · from */
export function addScaled(to: Float64Array, from: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + factor * (from[i] as number);
}

/** Four products of a row at once: each of its numbers is read once for all. */
function fourDots(
  a: Float64Array,
  from: number,
  b: Float64Array,
  width: number,
  row: number,
  to: Float64Array,
  at: number,
): void {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const [r0, r1, r2, r3] = [row * width, (row + 1) * width, (row + 2) * width, (row + 3) * width];
  for (let i = 0; i < width; i++) {
    const x = a[from + i] as number;
    s0 += x * (b[r0 + i] as number);
    s1 += x * (b[r1 + i] as number);
    s2 += x * (b[r2 + i] as number);
    s3 += x * (b[r3 + i] as number);
  }
  to[at] = s0;
  to[at + 1] = s1;
  to[at + 2] = s2;
  to[at + 3] = s3;
}

/** A·Bᵀ: (n, k), (m, k) → (n, m). */
export function timesTransposed(a: Matrix, b: Matrix): Matrix {
  const product = matrix(a.rows, b.rows);
  const four = b.rows - (b.rows % 4);
  const others = rowViews(b);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < four; j += 4)
      fourDots(a.data, i * a.columns, b.data, a.columns, j, product.data, i * b.rows + j);
    for (let j = four; j < b.rows; j++)
      product.data[i * b.rows + j] = dot(rowOf(a, i), others[j] as Float64Array);
  }
  return product;
}

/** to += Aᵀ·B: (n, k), (n, m) → (k, m); four rows at once, so that each number of `to` is written a quarter as often. */
export function addTransposedTimes(to: Matrix, a: Matrix, b: Matrix): void {
  const { columns: width, data: from } = b;
  const { columns: K, data: factors } = a;
  const sums = to.data;
  const four = b.rows - (b.rows % 4);
  for (let n = 0; n < four; n += 4) {
    const [r0, r1, r2, r3] = [n * width, (n + 1) * width, (n + 2) * width, (n + 3) * width];
    for (let k = 0; k < K; k++) {
      const c0 = factors[n * K + k] as number;
      const c1 = factors[(n + 1) * K + k] as number;
      const c2 = factors[(n + 2) * K + k] as number;
      const c3 = factors[(n + 3) * K + k] as number;
      const at = k * width;
      for (let i = 0; i < width; i++)
        sums[at + i] =
          (sums[at + i] as number) +
          (c0 * (from[r0 + i] as number) + c1 * (from[r1 + i] as number)) +
          (c2 * (from[r2 + i] as number) + c3 * (from[r3 + i] as number));
    }
  }
  for (let n = four; n < b.rows; n++)
    for (let k = 0; k < K; k++) addScaled(rowOf(to, k), rowOf(b, n), factors[n * K + k] as number);
}

/** Aᵀ: (n, k) → (k, n). */
export function transposed({ rows, columns, data }: Matrix): Matrix {
  const result = matrix(columns, rows);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) result.data[j * rows + i] = data[i * columns + j] as number;
  return result;
}

/** A·B: (n, k), (k, m) → (n, m). */
export function times(a: Matrix, b: Matrix): Matrix {
  const product = matrix(a.rows, b.columns);
  const others = rowViews(b);
  for (const [i, to] of rowViews(product).entries())
    for (let k = 0; k < a.columns; k++)
      addScaled(to, others[k] as Float64Array, a.data[i * a.columns + k] as number);
  return product;
}

export interface Eigen {
  /** Largest first. */
  readonly values: Float64Array;
  /** Eigenvectors as rows, in the order of their values; the largest entry of each is positive. */
  readonly vectors: Matrix;
}

const SWEEPS = 60;

/** One rotation of Jacobi's method: makes the entry (p, q) zero. */
function rotate(a: Float64Array, vectors: Float64Array, n: number, p: number, q: number): void {
  const at = (i: number, j: number): number => a[i * n + j] as number;
  const apq = at(p, q);
  if (apq === 0) return;
  const theta = (at(q, q) - at(p, p)) / (2 * apq);
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [x, y] = [at(k, p), at(k, q)];
    a[k * n + p] = c * x - s * y;
    a[k * n + q] = s * x + c * y;
  }
  for (let k = 0; k < n; k++) {
    const [x, y] = [at(p, k), at(q, k)];
    a[p * n + k] = c * x - s * y;
    a[q * n + k] = s * x + c * y;
    const [u, v] = [vectors[p * n + k] as number, vectors[q * n + k] as number];
    vectors[p * n + k] = c * u - s * v;
    vectors[q * n + k] = s * u + c * v;
  }
}

/** Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's cyclic method (Golub & Van Loan, 8.5). */
export function symmetricEigen({ rows: n, data }: Matrix): Eigen {
  const a = data.slice();
  const turned = new Float64Array(n * n);
  for (let i = 0; i < n; i++) turned[i * n + i] = 1;
  const total = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += (a[p * n + q] as number) ** 2;
    if (off <= 1e-24 * total) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, turned, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (i, j) => (a[j * n + j] as number) - (a[i * n + i] as number),
  );
  const vectors = matrix(n, n);
  for (const [row, from] of order.entries()) {
    const vector = turned.subarray(from * n, (from + 1) * n);
    const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    addScaled(rowOf(vectors, row), vector, largest < 0 ? -1 : 1);
  }
  return { values: Float64Array.from(order, (i) => a[i * n + i] as number), vectors };
}
