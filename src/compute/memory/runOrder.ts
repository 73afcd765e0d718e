/** The order in which ONNX Runtime runs the nodes of a graph. */
import type { Graph, GraphNode } from '../record/graph.ts';

/**
 * Depth first from the nodes that nothing reads, the last one first, each after what it reads, later inputs before
 * earlier ones: not the order in which nodes were recorded, so more or less is alive at once.
 */
export function runOrder(graph: Graph): GraphNode[] {
  const index = new Map(graph.nodes.map((node, at) => [node, at]));
  const read = new Set<GraphNode>();
  for (const node of graph.nodes) {
    for (const input of node.inputs) if (input?.node) read.add(input.node);
  }
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
    const makers = new Set(node.inputs.flatMap((input) => (input?.node ? [input.node] : [])));
    const waiting = [...makers].filter((maker) => !seen.has(maker));
    waiting.sort((a, b) => (index.get(a) ?? 0) - (index.get(b) ?? 0));
    for (const maker of waiting) stack.push({ node: maker, ready: false });
  }
  return order;
}
