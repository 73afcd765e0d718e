/** How well labels can be read from vectors by a linear rule, measured on rows the rule was not fitted to. */
import { shuffle } from './random.ts';

/** Solves A·X = B for a symmetric positive definite A (n × n), B (n × m), by Cholesky; both row-major. */
function solve(a: Float64Array, b: Float64Array, n: number, m: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      l[i * n + j] = i === j ? Math.sqrt(sum) : sum / l[j * n + j]!;
    }
  }
  const x = Float64Array.from(b);
  for (let column = 0; column < m; column++) {
    for (let i = 0; i < n; i++) {
      let sum = x[i * m + column]!;
      for (let k = 0; k < i; k++) sum -= l[i * n + k]! * x[k * m + column]!;
      x[i * m + column] = sum / l[i * n + i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      let sum = x[i * m + column]!;
      for (let k = i + 1; k < n; k++) sum -= l[k * n + i]! * x[k * m + column]!;
      x[i * m + column] = sum / l[i * n + i]!;
    }
  }
  return x;
}

/** Rows with a last column of ones, each other column centred and scaled by the spread of all of them together. */
function designRows(rows: readonly ArrayLike<number>[], width: number): Float64Array[] {
  const centre = new Float64Array(width);
  for (const row of rows) for (let at = 0; at < width; at++) centre[at]! += row[at]! / rows.length;
  let spread = 0;
  for (const row of rows) for (let at = 0; at < width; at++) spread += (row[at]! - centre[at]!) ** 2;
  const scale = spread > 0 ? 1 / Math.sqrt(spread / (rows.length * width)) : 0;
  return rows.map((row) =>
    Float64Array.from({ length: width + 1 }, (_, at) =>
      at === width ? 1 : (row[at]! - centre[at]!) * scale,
    ),
  );
}

/** Ridge regression on one-hot labels: weights (width, classes), row-major. */
function ridgeFit(
  rows: readonly Float64Array[],
  classes: readonly number[],
  classCount: number,
  ridge: number,
): Float64Array {
  const width = rows[0]!.length;
  const gram = new Float64Array(width * width);
  const target = new Float64Array(width * classCount);
  for (const [index, row] of rows.entries()) {
    for (let i = 0; i < width; i++) {
      const value = row[i]!;
      for (let j = 0; j <= i; j++) gram[i * width + j]! += value * row[j]!;
      target[i * classCount + classes[index]!]! += value;
    }
  }
  for (let i = 0; i < width; i++) {
    gram[i * width + i]! += ridge;
    for (let j = 0; j < i; j++) gram[j * width + i] = gram[i * width + j]!;
  }
  return solve(gram, target, width, classCount);
}

function strongest(row: Float64Array, weights: Float64Array, classCount: number): number {
  let best = 0;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let label = 0; label < classCount; label++) {
    let score = 0;
    for (let at = 0; at < row.length; at++) score += row[at]! * weights[at * classCount + label]!;
    if (score > bestScore) {
      best = label;
      bestScore = score;
    }
  }
  return best;
}

/**
 * Share of rows whose label a ridge-regression classifier names right, each row judged by a fit on the other folds.
 * null with fewer than two labels or fewer rows than folds. Compare with the share of the commonest label.
 */
export function linearProbeAccuracy(
  rows: readonly ArrayLike<number>[],
  labels: readonly (string | number)[],
  { folds = 5, ridge = 1 }: { readonly folds?: number; readonly ridge?: number } = {},
): number | null {
  if (rows.length !== labels.length) throw new RangeError(`lengths differ: ${rows.length}, ${labels.length}`);
  const names = [...new Set(labels)];
  const width = rows[0]?.length ?? 0;
  if (names.length < 2 || rows.length < folds || width === 0) return null;
  const classes = labels.map((label) => names.indexOf(label));
  const design = designRows(rows, width);
  const order = shuffle({ seed: 0, stream: 'linear-probe', counter: 0 }, [...rows.keys()]);
  let right = 0;
  for (let fold = 0; fold < folds; fold++) {
    const held = order.filter((_, at) => at % folds === fold);
    const rest = order.filter((_, at) => at % folds !== fold);
    const weights = ridgeFit(
      rest.map((row) => design[row]!),
      rest.map((row) => classes[row]!),
      names.length,
      ridge,
    );
    for (const row of held) if (strongest(design[row]!, weights, names.length) === classes[row]) right += 1;
  }
  return right / rows.length;
}
