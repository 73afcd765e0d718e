/** From logits to weights that sum to 1, and back with slopes: softmax, sparsemax, and weights that use all codes alike. */
import { type Matrix, rowViews } from '../warmStart/matrix.ts';

export type Choice = 'softmax' | 'sparsemax';

function softmax(logits: Float64Array): void {
  const largest = Math.max(...logits);
  let total = 0;
  for (let k = 0; k < logits.length; k++) {
    logits[k] = Math.exp((logits[k] as number) - largest);
    total += logits[k] as number;
  }
  for (let k = 0; k < logits.length; k++) logits[k] = (logits[k] as number) / total;
}

/** The point of the simplex that is nearest to the logits (Martins & Astudillo 2016): most weights are 0. */
function sparsemax(logits: Float64Array): void {
  const sorted = Float64Array.from(logits).sort().reverse();
  let sum = 0;
  let threshold = 0;
  for (const [k, value] of sorted.entries()) {
    sum += value;
    if (1 + (k + 1) * value <= sum) break;
    threshold = (sum - 1) / (k + 1);
  }
  for (let k = 0; k < logits.length; k++) logits[k] = Math.max(0, (logits[k] as number) - threshold);
}

/** Rows of logits become weights, in place. */
export function chooseCodes(choice: Choice, logits: Matrix): void {
  for (const row of rowViews(logits)) (choice === 'softmax' ? softmax : sparsemax)(row);
}

/** Slopes in the weights become slopes in the logits, in place. */
export function backThroughChoice(choice: Choice, weights: Float64Array, slopes: Float64Array): void {
  let sum = 0;
  let support = 0;
  for (let k = 0; k < weights.length; k++) {
    const weight = weights[k] as number;
    sum += (choice === 'softmax' ? weight : Number(weight > 0)) * (slopes[k] as number);
    support += Number(weight > 0);
  }
  const centre = choice === 'softmax' ? sum : sum / support;
  for (let k = 0; k < weights.length; k++) {
    const weight = choice === 'softmax' ? (weights[k] as number) : Number((weights[k] as number) > 0);
    slopes[k] = weight * ((slopes[k] as number) - centre);
  }
}

const ROUNDS = 20;

/** Scales columns to equal sums and rows to 1, in turn (Sinkhorn): each code is used as much as another. In place. */
export function balance(weights: Matrix): void {
  const { rows, columns, data } = weights;
  for (let round = 0; round < ROUNDS; round++) {
    const use = new Float64Array(columns);
    for (let at = 0; at < data.length; at++)
      use[at % columns] = (use[at % columns] as number) + (data[at] as number);
    for (let row = 0; row < rows; row++) {
      let total = 0;
      for (let k = 0; k < columns; k++) {
        const at = row * columns + k;
        data[at] = (data[at] as number) / Math.max((use[k] as number) * columns, 1e-300);
        total += data[at] as number;
      }
      for (let k = 0; k < columns; k++) {
        const at = row * columns + k;
        data[at] = (data[at] as number) / Math.max(total, 1e-300);
      }
    }
  }
}
