/** Arrays of float64 for the evaluator that checks gradients: slow, plain and exact enough to be a yardstick. */
import { sizeOf, type Value } from '../graph.ts';

export interface Array64 {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** An array whose element at each index tuple is given by a function. */
export function fill(shape: readonly number[], at: (index: readonly number[]) => number): Array64 {
  const data = new Float64Array(sizeOf(shape));
  const index = shape.map(() => 0);
  for (let flat = 0; flat < data.length; flat += 1) {
    data[flat] = at(index);
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      index[axis]! += 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return { shape, data };
}

function offset(shape: readonly number[], index: readonly number[]): number {
  return index.reduce((flat, position, axis) => flat * shape[axis]! + position, 0);
}

export const get = (x: Array64, index: readonly number[]): number => x.data[offset(x.shape, index)]!;

/** The element that broadcasting puts at an index of a larger shape. */
export function broadcast(x: Array64, index: readonly number[]): number {
  const own = index.slice(index.length - x.shape.length);
  return get(
    x,
    own.map((position, axis) => (x.shape[axis] === 1 ? 0 : position)),
  );
}

export function known(value: Value): Array64 | null {
  if (value.known === null) return null;
  const data = new Float64Array(sizeOf(value.shape));
  if (value.known.kind === 'uniform') data.fill(value.known.value);
  else for (const [index, element] of value.known.data.entries()) data[index] = Number(element);
  return { shape: value.shape, data };
}
