import { describe, expect, it } from 'vitest';
import { type Program, tf } from '../index.ts';
import { recordProgram } from './recorder.ts';
import { widenAtUse } from './widen.ts';

const float = (...shape: number[]) => ({ shape, dtype: 'float32' as const });

/** A tied head: rows of the weights go in, and the whole of them out, forward and backward. */
const program: Program = {
  name: 'tied',
  inputs: { ids: { shape: [3], dtype: 'int32' } },
  state: ['scale'],
  constants: ['embedding', 'norm'],
  build: ({ inputs, state, constants: { embedding, norm } }) => {
    const rows = tf.mul(tf.gather(embedding!, inputs.ids as never), norm!);
    const { value, grads } = tf.valueAndGrads((scale) =>
      tf.sum(tf.square(tf.matMul(tf.mul(rows, scale!), embedding!, false, true))),
    )([state.scale!]);
    return { outputs: { value, gradient: grads[0]! } };
  },
};
const graph = recordProgram(program, {
  state: { scale: float(4) },
  constants: { embedding: float(50, 4), norm: float(4) },
});

describe('widenAtUse', () => {
  it('widens gathered rows, and the whole anew for each use', () => {
    const widened = widenAtUse(graph, new Map([['embedding', 'bfloat16']]));
    const gather = widened.nodes.find(({ op }) => op === 'Gather')!;
    expect(gather.inputs[0]?.type).toBe('bfloat16');
    expect(gather.outputs[0]).toMatchObject({ type: 'bfloat16', shape: [3, 4] });
    const casts = widened.nodes.filter(({ op, inputs }) => op === 'Cast' && inputs[0]?.type === 'bfloat16');
    expect(casts.map(({ outputs }) => outputs[0]?.shape)).toEqual([
      [50, 4],
      [50, 4],
      [3, 4],
    ]);
    const products = widened.nodes.filter(({ op }) => /Gemm|MatMul/.test(op));
    const operands = products.map(({ inputs }) => inputs[1]?.id);
    expect(new Set(operands).size).toBe(products.length);
    for (const node of widened.nodes) {
      if (node.op !== 'Cast' && node.op !== 'Gather')
        expect(node.inputs.every((input) => input?.type !== 'bfloat16')).toBe(true);
    }
  });

  it('leaves a graph as it is where nothing is stored in 16 bits', () => {
    expect(widenAtUse(graph, new Map([['norm', 'float32']]))).toBe(graph);
  });
});
