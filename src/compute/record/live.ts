/** Memory of a recorded graph, by its shapes alone. */
import { type ElementType, type Graph, type GraphNode, sizeOf, type Value } from './graph.ts';

const BYTES: Readonly<Record<ElementType, number>> = {
  float32: 4,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
  bfloat16: 2,
};
/** Their result is the array they were given. */
const VIEWS = new Set(['Reshape', 'Identity']);
/** May write over an operand of the result's size that nothing else needs. */
const IN_PLACE = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Exp', 'Log', 'Sqrt', 'Neg', 'Reciprocal', 'Sigmoid', 'Tanh', 'Relu'],
  ...['Softmax', 'Abs', 'Clip', 'ScatterElements', 'Cast'],
]);

export const bytesOf = ({ shape, type }: Value): number => sizeOf(shape) * BYTES[type];

/** The array that a value lies in. */
function storage(value: Value): Value {
  const before = value.node !== null && VIEWS.has(value.node.op) ? value.node.inputs[0] : null;
  return before === null || before === undefined ? value : storage(before);
}

/**
 * Largest sum of the arrays alive at once, in bytes, when nodes run in the order they were recorded: without inputs and
 * constants, outputs kept to the end, element-by-element nodes writing over an operand that dies with them.
 */
export function peakBytes(graph: Graph): number {
  const lastUse = new Map<Value, number>();
  for (const [index, node] of graph.nodes.entries()) {
    for (const input of node.inputs) if (input !== null) lastUse.set(storage(input), index);
    for (const output of node.outputs)
      lastUse.set(storage(output), Math.max(index, lastUse.get(output) ?? 0));
  }
  for (const { value } of [...graph.outputs, ...graph.state]) lastUse.set(storage(value), Infinity);
  let alive = 0;
  let peak = 0;
  const inner = (value: Value): boolean => value.node !== null;
  for (const [index, node] of graph.nodes.entries()) {
    if (!VIEWS.has(node.op)) for (const output of node.outputs) alive += bytesOf(output);
    const dying = dyingAt(node, index, lastUse).filter(inner);
    const reused = IN_PLACE.has(node.op)
      ? dying.find((value) => bytesOf(value) === bytesOf(node.outputs[0]!))
      : undefined;
    if (reused !== undefined) alive -= bytesOf(reused);
    peak = Math.max(peak, alive);
    for (const value of dying) if (value !== reused) alive -= bytesOf(value);
  }
  return peak;
}

/** Arrays that no later node reads. */
function dyingAt(node: GraphNode, index: number, lastUse: ReadonlyMap<Value, number>): Value[] {
  const touched = [...node.inputs, ...node.outputs].filter((value) => value !== null).map(storage);
  return [...new Set(touched)].filter((value) => lastUse.get(value) === index);
}
