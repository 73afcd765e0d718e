/**
 * Frozen weights that stay 16-bit in memory: the graph reads them as they are stored and widens what it uses, where it
 * uses it. Nodes that only move values (Gather, Slice, …) move the stored form, so that a row of an embedding or a slice
 * of an LM head is widened and not the whole.
 */
import { TYPE_CODES } from './elementwise.ts';
import type { ElementType, Graph, GraphNode, Value } from './graph.ts';

/** Nodes that pass on values of their first input. */
const MOVES = new Set(['Gather', 'Slice', 'Reshape', 'Transpose']);

/**
 * `graph` with each constant that `stored` names read as that type. Every use has a Cast of its own: a shared one would
 * hold the widened weight from the forward pass to the backward one. Casts of whole weights come first: ONNX Runtime runs
 * a node's later-numbered makers before its earlier ones, so that a weight is widened when its other operand is there.
 */
export function widenAtUse(graph: Graph, stored: ReadonlyMap<string, ElementType>): Graph {
  const narrow = new Map<number, Value>();
  const sources = graph.sources.map((source) => {
    const type = source.source?.kind === 'constant' ? stored.get(source.source.name) : undefined;
    if (type === undefined || type === source.type) return source;
    const value: Value = { ...source, type };
    narrow.set(source.id, value);
    return value;
  });
  if (narrow.size === 0) return graph;

  const ids = graph.nodes.flatMap((node) => node.outputs.map(({ id }) => id));
  let nextId = ids.reduce((most, id) => Math.max(most, id), 0) + 1;
  const first: GraphNode[] = [];
  const nodes: GraphNode[] = [];
  const widened = (value: Value): Value => {
    const outputs: Value[] = [];
    const attributes = { to: TYPE_CODES.float32 };
    const node: GraphNode = { op: 'Cast', domain: '', inputs: [value], outputs, attributes };
    const output: Value = { ...value, id: nextId, type: 'float32', node, source: null };
    outputs.push(output);
    nextId += 1;
    (value.source === null ? nodes : first).push(node);
    return output;
  };
  const final = new Set([...graph.outputs, ...graph.state].map(({ value }) => value.id));
  for (const node of graph.nodes) {
    const moved = node.inputs[0] ? narrow.get(node.inputs[0].id) : undefined;
    if (moved !== undefined && MOVES.has(node.op) && !final.has(node.outputs[0]!.id)) {
      const outputs = node.outputs.map((value): Value => ({ ...value, type: moved.type }));
      for (const value of outputs) narrow.set(value.id, value);
      nodes.push({ ...node, inputs: [moved, ...node.inputs.slice(1)], outputs });
      continue;
    }
    const inputs = node.inputs.map((input) => {
      const value = input ? narrow.get(input.id) : undefined;
      return value === undefined ? input : widened(value);
    });
    nodes.push(inputs.some((input, at) => input !== node.inputs[at]) ? { ...node, inputs } : node);
  }
  return { ...graph, sources, nodes: [...first, ...nodes] };
}
