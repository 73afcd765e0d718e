/** Drops what no output needs, and gives each output a value of its own. */
import type { GraphBuilder } from './builder.ts';
import type { Graph, GraphNode, Value } from './graph.ts';

export interface NamedValue {
  readonly name: string;
  readonly value: Value;
}

export function pruned(
  builder: GraphBuilder,
  name: string,
  outputs: readonly NamedValue[],
  state: readonly NamedValue[],
): Graph {
  // One buffer is written per output: a value that is an input, a constant or already an output needs a copy.
  const taken = new Set<Value>();
  const own = (role: string, { name: outputName, value }: NamedValue): NamedValue => {
    let distinct = value;
    if (value.node === null || taken.has(value)) {
      distinct = builder.emit('Identity', [value], value, { distinct: `${role}/${outputName}` });
    }
    taken.add(distinct);
    return { name: outputName, value: distinct };
  };
  const ownState = state.map((named) => own('state', named));
  const ownOutputs = outputs.map((named) => own('output', named));
  const needed = new Set<GraphNode>();
  const sources = new Set<Value>();
  const stack = [...taken];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (value.source !== null) sources.add(value);
    if (value.node === null || needed.has(value.node)) continue;
    needed.add(value.node);
    for (const input of value.node.inputs) if (input !== null) stack.push(input);
  }
  return {
    name,
    sources: builder.sources.filter((source) => sources.has(source)),
    nodes: builder.nodes.filter((node) => needed.has(node)),
    outputs: ownOutputs,
    state: ownState,
  };
}
