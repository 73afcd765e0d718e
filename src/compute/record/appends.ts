/** Growing state: a graph gives what is added, and the engine puts it in its place. */
import { FacetError } from '#core/result.ts';
import { APPEND_ROWS } from '../appendRows.ts';
import type { NamedData, TensorData, TensorSpec } from '../program.ts';
import type { Graph, Value } from './graph.ts';

export interface Append {
  readonly state: string;
  /** Made by the graph, (N, H, 1, S). */
  readonly added: Value;
  /** Input that holds the places, (N). */
  readonly lengths: string;
}

/** The graph without its appends, whose additions are outputs named by the state's name, and what to do with them. */
export function withoutAppends(graph: Graph): { readonly graph: Graph; readonly appends: readonly Append[] } {
  const nodes = graph.nodes.filter(({ op }) => op !== APPEND_ROWS);
  if (nodes.length === graph.nodes.length) return { graph, appends: [] };
  const appends = graph.state.flatMap(({ name, value }): Append[] => {
    if (value.node?.op !== APPEND_ROWS) return [];
    const [cache, added, lengths] = value.node.inputs as [Value, Value, Value];
    if (cache.source?.name === name && added.node !== null && lengths.source?.kind === 'input')
      return [{ state: name, added, lengths: lengths.source.name }];
    throw misused(graph, `the state ${name} is not what it was appended to, or the places are no input`);
  });
  const kept = new Set(nodes.flatMap(({ inputs }) => inputs));
  const others = [...kept, ...graph.outputs.map(({ value }) => value)];
  if (others.some((value) => value?.node?.op === APPEND_ROWS))
    throw misused(graph, 'an appended state is read again');
  return {
    graph: {
      ...graph,
      nodes,
      sources: graph.sources.filter((source) => kept.has(source)),
      state: graph.state.filter(({ value }) => value.node?.op !== APPEND_ROWS),
      outputs: [...graph.outputs, ...appends.map(({ state, added }) => ({ name: state, value: added }))],
    },
    appends,
  };
}

const misused = (graph: Graph, reason: string): FacetError =>
  new FacetError({
    code: 'compute.bad-program',
    message: `The program ${graph.name} appends rows wrongly: ${reason}.`,
    fix: 'Return appendRows(state, …) as the same state, and use it for nothing else.',
  });

/** Writes `added` (N, H, 1, S) into `cache` (N, H, C, S) at the place of each row. Places beyond C are left out. */
export function writeRows(
  cache: TensorData,
  { shape }: TensorSpec,
  added: TensorData,
  places: NamedData[string],
): void {
  const [rows, heads, capacity, size] = shape as [number, number, number, number];
  for (let row = 0; row < rows; row += 1) {
    const place = places[row] as number;
    if (place >= capacity) continue;
    for (let head = row * heads; head < (row + 1) * heads; head += 1) {
      const to = (head * capacity + place) * size;
      for (let at = 0; at < size; at += 1) cache[to + at] = added[head * size + at] as number;
    }
  }
}
