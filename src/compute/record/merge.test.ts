import { expect, it } from 'vitest';
import { normals } from '#core/random.ts';
import { unwrap } from '#core/result.ts';
import { createEngine } from '../engines/create.ts';
import type { Program } from '../program.ts';
import { tf } from '../tf.ts';
import { mergeProducts } from './merge.ts';
import { recordProgram } from './recorder.ts';

const SIZES = { a: [6, 8], b: [3, 8], c: [8, 6] } as const;
const specs = Object.fromEntries(
  Object.entries(SIZES).map(([name, shape]) => [name, { shape, dtype: 'float32' as const }]),
);
/** a and b read x; c reads what a gave, and stays alone. */
const program = (packConstants: boolean): Program => ({
  name: 'products',
  inputs: { x: { shape: [2, 8], dtype: 'float32' } },
  state: [],
  constants: Object.keys(SIZES),
  packConstants,
  build({ inputs, constants }) {
    const by = (x: tf.Tensor, name: string) =>
      tf.matMul(x as tf.Tensor2D, constants[name] as tf.Tensor2D, false, true);
    const a = by(inputs.x!, 'a');
    return { outputs: { a, b: by(inputs.x!, 'b'), c: by(tf.relu(a), 'c') } };
  },
});

it('joins the products of one value, and no others', () => {
  const graph = mergeProducts(recordProgram(program(true), { state: {}, constants: specs }), () => true);
  const count = (op: string): number => graph.nodes.filter((node) => node.op === op).length;
  expect({ products: count('Gemm'), joined: count('Concat'), split: count('Split') }).toEqual({
    products: 2,
    joined: 1,
    split: 1,
  });
});

it('gives the same numbers', async () => {
  const { engine } = unwrap(await createEngine('onnx-cpu'));
  try {
    const data = (name: string, size: number) => normals({ seed: 1, stream: name, counter: 0 }, size);
    await engine.setConstants(
      Object.fromEntries(
        Object.entries(specs).map(([name, spec]) => [
          name,
          { spec, source: { kind: 'data', data: data(name, spec.shape[0] * spec.shape[1]) } },
        ]),
      ),
    );
    const x = data('x', 16);
    const [joint, single] = [await engine.compile(program(true)), await engine.compile(program(false))];
    const [ours, theirs] = [await joint.run({ x }), await single.run({ x })];
    for (const name of ['a', 'b', 'c'])
      for (const [at, value] of [...ours[name]!].entries()) expect(value).toBeCloseTo(theirs[name]![at]!, 5);
  } finally {
    await engine.dispose();
  }
});
