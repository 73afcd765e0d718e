/** Runs a recorded graph in float64. */
import type { Graph, Value } from '../graph.ts';
import { type Array64, known } from './array.ts';
import { OPERATORS } from './operators.ts';

/** Outputs by name, from inputs by name. Throws on an operator that has no float64 form. */
export function evaluate(
  graph: Graph,
  inputs: Readonly<Record<string, Float64Array>>,
): Record<string, Array64> {
  const values = new Map<number, Array64>();
  const arrayOf = (value: Value): Array64 => {
    const found = values.get(value.id) ?? known(value);
    if (found !== null) return found;
    const name = value.source?.name ?? '';
    return { shape: value.shape, data: inputs[name]! };
  };
  for (const node of graph.nodes) {
    const operator = OPERATORS[node.op];
    if (operator === undefined) throw new Error(`${node.op} has no float64 form`);
    const made = operator(
      node.inputs.map((input) => arrayOf(input!)),
      node,
    );
    const list: readonly Array64[] = 'data' in made ? [made] : made;
    for (const [index, output] of node.outputs.entries()) values.set(output.id, list[index]!);
  }
  return Object.fromEntries(graph.outputs.map(({ name, value }) => [name, arrayOf(value)]));
}
