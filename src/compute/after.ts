/** Order: a value that is not made before others are known, for what must not be kept or shared. */
import type { Tensor } from './program.ts';
import { BACKEND_NAME } from './record/backend.ts';
import { tf } from './tf.ts';

/** The recording kernel behind `after`: inputs `x` and any others. */
export const AFTER = 'FacetAfter';

/**
 * x itself, unchanged to the bit, but not before every one of `others` is known. A compiled program runs its nodes in an
 * order of its own and makes equal nodes once; what is computed from `after(x, …)` is another value than what is
 * computed from x, and comes later. Eager engines run in the order of the calls: there it does nothing. It has no
 * gradient: use it where gradients are written by hand.
 */
export function after<T extends Tensor>(x: T, others: readonly Tensor[]): T {
  if (others.length === 0 || tf.getBackend() !== BACKEND_NAME) return x;
  const inputs = Object.fromEntries(others.map((other, index) => [`other${index}`, other]));
  return tf.engine().runKernel(AFTER, { x, ...inputs }) as T;
}
