/** Work of a recorded program and of the machine, in floating-point operations. */
import { createEngine, tf } from '#compute/index.ts';
import type { Program } from '#compute/program.ts';
import type { GraphNode } from '#compute/record/graph.ts';
import { recordProgram, type Shapes } from '#compute/record/recorder.ts';
import { normals } from '#core/random.ts';
import { unwrap } from '#core/result.ts';
import type { EngineName } from '#core/runConfig.ts';
import { inTurns } from './interleave.ts';

const MATRIX_PRODUCTS = new Set(['MatMul', 'Gemm', 'FusedMatMul']);

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** 2·m·n·k of one matrix product, batch included; 0 for other nodes. */
function matmulFlops(node: GraphNode): number {
  if (!MATRIX_PRODUCTS.has(node.op)) return 0;
  const left = node.inputs[0];
  const output = node.outputs[0];
  if (!left || !output) return 0;
  const transposed = node.attributes.transA === 1;
  const inner = left.shape.at(transposed ? -2 : -1) ?? 1;
  return 2 * product(output.shape) * inner;
}

/** 2mnk summed over the matrix products that one run of the program does, and how many nodes it has. */
export function programFlops(program: Program, shapes: Shapes): { flops: number; nodes: number } {
  const graph = recordProgram(program, shapes);
  return {
    flops: graph.nodes.reduce((sum, node) => sum + matmulFlops(node), 0),
    nodes: graph.nodes.length,
  };
}

const SIDE = 1024;

export interface Product {
  /** Floating-point operations of one run. */
  readonly flops: number;
  run(): Promise<unknown>;
  dispose(): Promise<void>;
}

/** ONNX Runtime's own 1024³ product on an engine: what the machine can do at best, give or take. */
export async function largeProduct(name: EngineName): Promise<Product> {
  const { engine } = unwrap(await createEngine(name));
  const square = { shape: [SIDE, SIDE], dtype: 'float32' } as const;
  const compiled = await engine.compile({
    name: 'peak',
    inputs: { a: square, b: square },
    state: [],
    constants: [],
    build: ({ inputs }) => ({ outputs: { c: tf.matMul(inputs.a as never, inputs.b as never) } }),
  });
  const a = normals({ seed: 1, stream: 'peak.a', counter: 0 }, SIDE * SIDE);
  const b = normals({ seed: 1, stream: 'peak.b', counter: 0 }, SIDE * SIDE);
  return {
    flops: 2 * SIDE ** 3,
    run: () => compiled.run({ a, b }),
    dispose: () => engine.dispose(),
  };
}

/** Floating-point operations per second of that product on the processor, median of `count`. */
export async function matmulPeak(count: number): Promise<number> {
  const product = await largeProduct('onnx-cpu');
  const { typical } = await inTurns({ product: () => product.run() }, { rounds: count, warmUp: 2 });
  await product.dispose();
  return product.flops / (typical('product') / 1000);
}
