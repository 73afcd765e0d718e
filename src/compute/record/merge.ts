/** Products of one value with several weights as one product with all of them: fewer and longer reads of memory. */
import type { Graph, GraphNode, Value } from './graph.ts';

type MayMerge = (constant: string) => boolean;

/** x·Wᵀ with a frozen W. */
const isLinear = ({ op, inputs, attributes }: GraphNode, mayMerge: MayMerge): boolean =>
  op === 'Gemm' &&
  inputs.length === 2 &&
  attributes.transA === 0 &&
  attributes.transB === 1 &&
  inputs[1]?.source?.kind === 'constant' &&
  mayMerge(inputs[1].source.name);

/**
 * For programs whose constants are packed: ONNX Runtime then joins the weights once, when the session is made. The joint
 * product is split where the first of the single ones stood.
 */
export function mergeProducts(graph: Graph, mayMerge: MayMerge): Graph {
  const groups = new Map<Value, GraphNode[]>();
  for (const node of graph.nodes.filter((node) => isLinear(node, mayMerge))) {
    const x = node.inputs[0]!;
    groups.set(x, [...(groups.get(x) ?? []), node]);
  }
  let nextId =
    1 +
    Math.max(
      0,
      ...graph.nodes.flatMap(({ inputs, outputs }) => [...inputs, ...outputs].map((value) => value?.id ?? 0)),
    );
  const value = (shape: readonly number[], type: Value['type'], rest: Partial<Value>): Value => {
    const made = { id: nextId, shape, type, node: null, known: null, source: null, ...rest };
    nextId += 1;
    return made;
  };
  const replaced = new Map<GraphNode, readonly GraphNode[]>();
  for (const [x, members] of groups) {
    if (members.length < 2) continue;
    const weights = members.map(({ inputs }) => inputs[1]!);
    const sizes = weights.map(({ shape }) => shape[0]!);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const joint = value([total, weights[0]!.shape[1]!], x.type, {});
    const product = value([x.shape[0]!, total], x.type, {});
    const parts = value([sizes.length], 'int64', {
      known: { kind: 'array', data: BigInt64Array.from(sizes.map(BigInt)) },
    });
    const node = (
      op: string,
      inputs: readonly Value[],
      outputs: Value[],
      attributes: GraphNode['attributes'],
    ) => ({
      op,
      domain: '' as const,
      inputs,
      outputs,
      attributes,
    });
    const outputs = members.map((member) => member.outputs[0]!);
    for (const member of members) replaced.set(member, []);
    replaced.set(members[0]!, [
      node('Concat', weights, [joint], { axis: 0 }),
      node('Gemm', [x, joint], [product], { transA: 0, transB: 1 }),
      node('Split', [product, parts], outputs, { axis: 1 }),
    ]);
  }
  return { ...graph, nodes: graph.nodes.flatMap((node) => replaced.get(node) ?? [node]) };
}
