/** Which arrays a graph's values share, and when each is taken and given back, as ONNX Runtime plans it. */
import { type ElementType, type Graph, type GraphNode, sizeOf, type Value } from '../record/graph.ts';
import { runOrder } from './runOrder.ts';

const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = {
  float32: 4,
  int32: 4,
  int64: 8,
  bool: 1,
  float16: 2,
  bfloat16: 2,
  uint8: 1,
  int8: 1,
};
export const valueBytes = ({ shape, type }: Pick<Value, 'shape' | 'type'>): number =>
  sizeOf(shape) * ELEMENT_BYTES[type];

/** The result is the array that was given. */
const ALIASES = new Set(['Reshape', 'Identity', 'Squeeze', 'Unsqueeze']);
/**
 * Operand that the result may be written over where nothing else will read it, by operator. Measured on ONNX Runtime
 * 1.30: its other elementwise kernels always write to an array of their own.
 */
const IN_PLACE: Readonly<Record<string, number>> = {
  Add: 1,
  Clip: 0,
  LogSoftmax: 0,
  Relu: 0,
  ScatterElements: 0,
  Sigmoid: 0,
  Softmax: 0,
  Softplus: 0,
  Tanh: 0,
};

export interface BufferEvent {
  readonly kind: 'take' | 'give-back';
  readonly buffer: number;
  readonly bytes: number;
}

interface Buffer {
  readonly id: number;
  readonly bytes: number;
  /** Reads still to come, of every value in it. */
  reads: number;
  /** Index of the last node that uses it. */
  lastUse: number;
}

/**
 * Buffers in the order in which a run takes them and gives them back. State is written into arrays of the engine, and
 * inputs and constants lie elsewhere: none of them is counted. A buffer that nothing will read is handed to the next
 * value of the same shape, however much later that comes, and is held until then.
 */
export function bufferEvents(graph: Graph): BufferEvent[] {
  const nodes = runOrder(graph);
  const readsOf = new Map<Value, number>();
  for (const node of nodes) {
    for (const input of node.inputs) if (input !== null) readsOf.set(input, (readsOf.get(input) ?? 0) + 1);
  }
  const owned = new Set(graph.state.map(({ value }) => value));
  const results = new Set(graph.outputs.map(({ value }) => value));
  const keys = new Map<Value, string>();
  const shapeKey = (value: Value): string => {
    const key = keys.get(value) ?? `${ELEMENT_BYTES[value.type]}[${value.shape.join(',')}]`;
    keys.set(value, key);
    return key;
  };
  const bufferOf = new Map<Value, Buffer>();
  const takenAt: Buffer[][] = nodes.map(() => []);
  const spare: { readonly buffer: Buffer; readonly key: string }[] = [];
  let nextId = 0;

  const free = (input: Value | null | undefined): Buffer | null => {
    const buffer = input ? bufferOf.get(input) : undefined;
    return buffer !== undefined && buffer.reads === 1 ? buffer : null;
  };
  const inPlace = (node: GraphNode, output: Value): Buffer | null => {
    const operand = node.inputs[IN_PLACE[node.op] ?? -1];
    return operand && shapeKey(operand) === shapeKey(output) ? free(operand) : null;
  };
  const fromSpare = (output: Value): Buffer | null => {
    if (output.shape.length === 0) return null;
    const at = spare.findIndex(({ key }) => key === shapeKey(output));
    return at < 0 ? null : (spare.splice(at, 1)[0]?.buffer ?? null);
  };
  const place = (node: GraphNode, output: Value, index: number): void => {
    if (owned.has(output)) return;
    const kept = results.has(output);
    const first = node.inputs[0];
    const alias = !kept && ALIASES.has(node.op) && first ? bufferOf.get(first) : undefined;
    if (!kept && ALIASES.has(node.op) && alias === undefined) return;
    const shared = alias ?? (kept ? null : (inPlace(node, output) ?? fromSpare(output)));
    const buffer = shared ?? { id: nextId++, bytes: valueBytes(output), reads: 0, lastUse: index };
    if (shared === null) takenAt[index]?.push(buffer);
    buffer.reads += (readsOf.get(output) ?? 0) + (kept ? 1 : 0);
    buffer.lastUse = kept ? nodes.length - 1 : index;
    bufferOf.set(output, buffer);
  };
  const release = (value: Value, index: number): void => {
    const buffer = bufferOf.get(value);
    if (buffer === undefined) return;
    buffer.lastUse = Math.max(buffer.lastUse, index);
    if (buffer.reads === 0) spare.unshift({ buffer, key: shapeKey(value) });
  };

  for (const [index, node] of nodes.entries()) {
    for (const output of node.outputs) place(node, output, index);
    for (const input of node.inputs) {
      const buffer = input === null ? undefined : bufferOf.get(input);
      if (input === null || buffer === undefined) continue;
      buffer.reads -= 1;
      release(input, index);
    }
    for (const output of node.outputs) if ((readsOf.get(output) ?? 0) === 0) release(output, index);
  }

  const givenAt: Buffer[][] = nodes.map(() => []);
  for (const buffer of takenAt.flat()) givenAt[buffer.lastUse]?.push(buffer);
  return nodes.flatMap((_, index) => [
    ...(takenAt[index] ?? []).map(({ id, bytes }) => ({ kind: 'take' as const, buffer: id, bytes })),
    ...(givenAt[index] ?? []).map(({ id, bytes }) => ({ kind: 'give-back' as const, buffer: id, bytes })),
  ]);
}
