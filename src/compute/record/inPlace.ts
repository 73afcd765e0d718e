/** State that a node may overwrite where it lies, instead of writing it anew beside. */
import type { Graph } from './graph.ts';

/** Position of a cache among the node's inputs, and of what it becomes among its outputs. */
const CACHES = { inputs: [3, 4], outputs: [1, 2] } as const;

/**
 * Names of the state that attention over a cache adds a token to: given one buffer to read and to write, ONNX Runtime
 * writes the new token alone. That holds where nothing else of the graph reads the state.
 */
export function stateInPlace(graph: Graph): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name, value } of graph.state) {
    const node = value.node;
    const cache = node === null ? -1 : node.outputs.indexOf(value) - CACHES.outputs[0];
    if (node?.op !== 'GroupQueryAttention' || cache < 0) continue;
    const before = node.inputs[CACHES.inputs[cache]!];
    const readers = graph.nodes.filter(({ inputs }) => inputs.some((input) => input === before));
    if (before?.source?.kind === 'state' && before.source.name === name && readers.length === 1)
      names.add(name);
  }
  return names;
}
