/** The order in which ONNX Runtime runs the nodes of a graph. */
import type { Graph, GraphNode } from '../record/graph.ts';

/**
 * Depth first from the nodes that nothing reads, the last one first, each after what it reads, later inputs before
 * earlier ones: not the order in which nodes were recorded, so more or less is alive at once.
 */
export function runOrder(graph: Graph): GraphNode[] {
  const index = new Map(graph.nodes.map((node, at) => [node, at]));
  // Not a value's own `node`: that one may have been replaced by another that makes the same value.
  const makerOf = new Map(graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node])));
  const makersOf = ({ inputs }: GraphNode): GraphNode[] =>
    inputs.flatMap((input) => (input && makerOf.get(input)) ?? []);
  const read = new Set(graph.nodes.flatMap(makersOf));
  const stack: { readonly node: GraphNode; readonly ready: boolean }[] = graph.nodes
    .filter((node) => !read.has(node))
    .map((node) => ({ node, ready: false }));
  const seen = new Set<GraphNode>();
  const order: GraphNode[] = [];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, ready } = top;
    if (ready) {
      order.push(node);
      continue;
    }
    if (seen.has(node)) continue;
    seen.add(node);
    stack.push({ node, ready: true });
    const waiting = [...new Set(makersOf(node))].filter((maker) => !seen.has(maker));
    waiting.sort((a, b) => (index.get(a) ?? 0) - (index.get(b) ?? 0));
    for (const maker of waiting) stack.push({ node: maker, ready: false });
  }
  return order;
}
