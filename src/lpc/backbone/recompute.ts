/** Gradients that keep only a function's inputs: what lies between is computed again when the gradient is taken. */
import { after } from '#compute/after.ts';
import type { Tensor } from '#compute/program.ts';
import { tf } from '#compute/tf.ts';

/**
 * Gradients of f at `inputs` given dy, for use inside another gradient. tfjs keeps one tape, which a second gradient
 * would end; the outer one goes on with its own.
 */
function gradientsWithin(f: (...inputs: Tensor[]) => Tensor, inputs: Tensor[], dy: Tensor): Tensor[] {
  const { state } = tf.engine();
  const outer = state.activeTape;
  try {
    return tf.grads(f)(inputs, dy);
  } finally {
    state.activeTape = outer as NonNullable<typeof outer>;
  }
}

/**
 * f(hidden, …trained), where the gradient by hidden and by each of `trained` computes f again (Chen et al. 2016, "Training
 * deep nets with sublinear memory cost"). The second computation starts only when dy is known, and the gradient by
 * hidden is handed on only when those by `trained` are: what was computed again for one block is gone before the next
 * block's. `again` is f over the tensors it is given, which may be copies; what else it reads must live until then.
 */
export function recomputed(
  f: (hidden: Tensor) => Tensor,
  again: (hidden: Tensor, trained: readonly Tensor[]) => Tensor,
  hidden: Tensor,
  trained: readonly Tensor[],
): Tensor {
  return tf.customGrad(((...given: unknown[]) => {
    const save = given.at(-1) as (tensors: Tensor[]) => void;
    save(given.slice(0, -1) as Tensor[]);
    return {
      value: f(given[0] as Tensor),
      gradFunc: (dy: Tensor, [first, ...rest]: Tensor[]) => {
        const start = after(first as Tensor, [dy]);
        const [byHidden, ...byTrained] = gradientsWithin(
          (h, ...values) => again(h as Tensor, values),
          [start, ...rest],
          dy,
        );
        return [after(byHidden as Tensor, byTrained), ...byTrained];
      },
    };
  }) as never)(hidden, ...trained);
}

/**
 * f(inputs, trained), where the gradient makes what lies between them and the result again, once dy is known: for what
 * costs little to make and much to keep. The gradient by the first input is handed on only when those by `trained` are,
 * which keep dy. f reads nothing else that a gradient is asked for.
 */
export function remade(
  f: (inputs: readonly Tensor[], trained: readonly Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  trained: readonly Tensor[],
): Tensor {
  const of = (all: readonly Tensor[]): Tensor => f(all.slice(0, inputs.length), all.slice(inputs.length));
  return tf.customGrad(((...given: unknown[]) => {
    const save = given.at(-1) as (tensors: Tensor[]) => void;
    const own = given.slice(0, -1) as Tensor[];
    save(own);
    return {
      value: of(own),
      gradFunc: (dy: Tensor, [first, ...rest]: Tensor[]) => {
        const start = after(first as Tensor, [dy]);
        const found = gradientsWithin((...again) => of(again), [start, ...rest], dy);
        return [after(found[0] as Tensor, found.slice(inputs.length)), ...found.slice(1)];
      },
    };
  }) as never)(...inputs, ...trained);
}
