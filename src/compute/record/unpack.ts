/**
 * Frozen weights that stay 4 or 8 bits in memory: the graph reads their levels, scales and minima, and makes float32
 * of what it uses, where it uses it. Rows that a Gather picks are picked first. A product with few rows can take a 4-bit
 * weight as it is.
 */

import type { Grouping } from '../stored/formats.ts';
import { FOUR_BIT_OFFSET } from '../stored/packed.ts';
import { TYPE_CODES } from './elementwise.ts';
import { type Attribute, type Graph, type GraphNode, sizeOf, type Value } from './graph.ts';

/** How a weight is read: widened at each use, or by `MatMulNBits` where the use is x·Wᵀ. */
export interface Unpacking extends Grouping {
  readonly direct: boolean;
}

/** The constants that a weight becomes; the second line is what `MatMulNBits` takes, each row in one. */
type Part = 'codes' | 'scales' | 'minima' | 'paired' | 'zeros' | 'rowScales' | 'rowMinima';
export const partName = (weight: string, part: Part): string => `${weight}/${part}`;

/** Makes nodes and values with ids that the graph doesn't have. */
class Additions {
  #nextId: number;
  readonly sources = new Map<string, Value>();

  constructor(graph: Graph) {
    const values = graph.nodes.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]);
    this.#nextId = values.reduce((most, value) => Math.max(most, value?.id ?? 0), 0) + 1;
  }

  value(shape: readonly number[], type: Value['type'], rest: Partial<Value> = {}): Value {
    const made = { id: this.#nextId, shape, type, node: null, known: null, source: null, ...rest };
    this.#nextId += 1;
    return made;
  }

  source(name: string, shape: readonly number[], type: Value['type']): Value {
    const known = this.sources.get(name);
    if (known !== undefined) return known;
    const made = this.value(shape, type, { source: { kind: 'constant', name } });
    this.sources.set(name, made);
    return made;
  }

  number(value: number, type: Value['type']): Value {
    return this.value([], type, { known: { kind: 'uniform', value } });
  }

  integers(values: readonly number[]): Value {
    const data = BigInt64Array.from(values.map(BigInt));
    return this.value([values.length], 'int64', { known: { kind: 'array', data } });
  }
}

interface NodeExtras {
  readonly domain?: GraphNode['domain'];
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** The value that it makes; a new one by default. */
  readonly output?: Value;
}

type Add = (
  op: string,
  inputs: readonly Value[],
  shape: readonly number[],
  type: Value['type'],
  extras?: NodeExtras,
) => Value;

const adderTo =
  (nodes: GraphNode[], additions: Additions): Add =>
  (op, inputs, shape, type, { domain = '', attributes = {}, output } = {}) => {
    const outputs: Value[] = [];
    const node: GraphNode = { op, domain, inputs, outputs, attributes };
    const made = output ?? additions.value(shape, type, { node });
    outputs.push(made);
    nodes.push(node);
    return made;
  };

interface Parts {
  readonly codes: Value;
  readonly scales: Value;
  readonly minima: Value | null;
}

/** (rows, columns) of the weight that `value` stood for. */
const sizesOf = (value: Value): [number, number] => value.shape as [number, number];

function partsOf(weight: Value, { bits, values, hasMinima }: Unpacking, additions: Additions): Parts {
  const [rows, columns] = sizesOf(weight);
  const name = weight.source!.name;
  const groups = [rows, columns / values, 1];
  return {
    codes: additions.source(
      partName(name, 'codes'),
      bits === 4 ? [rows, columns / 2] : [rows, columns],
      bits === 4 ? 'uint8' : 'int8',
    ),
    scales: additions.source(partName(name, 'scales'), groups, 'float32'),
    minima: hasMinima ? additions.source(partName(name, 'minima'), groups, 'float32') : null,
  };
}

interface Widened {
  readonly rows: number;
  readonly columns: number;
  /** The value that the last node makes. */
  readonly output?: Value;
}

/** level · scale − minimum of whole rows, in float32. */
function widened(
  add: Add,
  additions: Additions,
  { codes, scales, minima }: Parts,
  { bits, values }: Unpacking,
  { rows, columns, output }: Widened,
): Value {
  const groups = columns / values;
  let levels = codes;
  if (bits === 4) {
    const half = [rows, columns / 2];
    const low = add('BitwiseAnd', [codes, additions.number(15, 'uint8')], half, 'uint8');
    const high = add('BitShift', [codes, additions.number(4, 'uint8')], half, 'uint8', {
      attributes: { direction: 'RIGHT' },
    });
    levels = add('Concat', [low, high], [rows, columns], 'uint8', { attributes: { axis: 1 } });
  }
  const shape = [rows, groups, values];
  let floats = add('Cast', [levels], [rows, columns], 'float32', { attributes: { to: TYPE_CODES.float32 } });
  floats = add('Reshape', [floats, additions.integers(shape)], shape, 'float32');
  if (bits === 4 && minima === null)
    floats = add('Sub', [floats, additions.number(FOUR_BIT_OFFSET, 'float32')], shape, 'float32');
  floats = add('Mul', [floats, scales], shape, 'float32');
  if (minima !== null) floats = add('Sub', [floats, minima], shape, 'float32');
  const whole = output?.shape ?? [rows, columns];
  return add('Reshape', [floats, additions.integers(whole)], whole, 'float32', output && { output });
}

const isLinear = ({ op, inputs, attributes }: GraphNode, weight: Value): boolean =>
  op === 'Gemm' &&
  inputs.length === 2 &&
  inputs[1] === weight &&
  inputs[0] !== weight &&
  attributes.transA === 0 &&
  attributes.transB === 1;

/**
 * x·Wᵀ with W as it is. Its levels count from 8; those with minima from 0, and of these Σ x over each group, times the
 * minima, is taken off again: x·(S − M)ᵀ = x·Sᵀ − (sums of x by group)·Mᵀ.
 */
function directProduct(add: Add, additions: Additions, node: GraphNode, unpacking: Unpacking): void {
  const [x, weight] = node.inputs as [Value, Value];
  const [rows, columns] = sizesOf(weight);
  const name = weight.source!.name;
  const { values, hasMinima } = unpacking;
  const groups = columns / values;
  const [m] = sizesOf(x);
  const output = node.outputs[0]!;
  const paired = additions.source(partName(name, 'paired'), [rows, groups, values / 2], 'uint8');
  const scales = additions.source(partName(name, 'rowScales'), [rows, groups], 'float32');
  const attributes = { K: columns, N: rows, bits: 4, block_size: values };
  const domain = 'com.microsoft';
  if (!hasMinima) {
    add('MatMulNBits', [x, paired, scales], output.shape, 'float32', { domain, attributes, output });
    return;
  }
  const zeros = additions.source(partName(name, 'zeros'), [rows, Math.ceil(groups / 2)], 'uint8');
  const minima = additions.source(partName(name, 'rowMinima'), [rows, groups], 'float32');
  const product = add('MatMulNBits', [x, paired, scales, zeros], output.shape, 'float32', {
    domain,
    attributes,
  });
  const grouped = [m, groups, values];
  const split = add('Reshape', [x, additions.integers(grouped)], grouped, 'float32');
  const sums = add('ReduceSum', [split, additions.integers([2])], [m, groups], 'float32', {
    attributes: { keepdims: 0 },
  });
  const least = add('Gemm', [sums, minima], output.shape, 'float32', {
    attributes: { transA: 0, transB: 1 },
  });
  add('Sub', [product, least], output.shape, 'float32', { output });
}

/**
 * `graph` with each constant (rows, columns) that `packed` names read by its parts. Every use is widened on its own, and
 * whole weights come first, for the reasons that `widenAtUse` gives.
 */
export function unpackAtUse(graph: Graph, packed: ReadonlyMap<string, Unpacking>): Graph {
  const unpackingOf = (value: Value | null | undefined): Unpacking | undefined =>
    value?.source?.kind === 'constant' ? packed.get(value.source.name) : undefined;
  if (!graph.sources.some((source) => unpackingOf(source) !== undefined)) return graph;
  const additions = new Additions(graph);
  const first: GraphNode[] = [];
  const nodes: GraphNode[] = [];
  const addFirst = adderTo(first, additions);
  const add = adderTo(nodes, additions);
  for (const node of graph.nodes) {
    const [operand, indices] = node.inputs;
    const gathered = node.op === 'Gather' && node.attributes.axis === 0 ? unpackingOf(operand) : undefined;
    if (gathered !== undefined && operand && indices) {
      const [, columns] = sizesOf(operand);
      const rows = sizeOf(indices.shape);
      const pick = (part: Value): Value =>
        add('Gather', [part, indices], [...indices.shape, ...part.shape.slice(1)], part.type, {
          attributes: { axis: 0 },
        });
      const { codes, scales, minima } = partsOf(operand, gathered, additions);
      const picked = { codes: pick(codes), scales: pick(scales), minima: minima && pick(minima) };
      widened(add, additions, picked, gathered, { rows, columns, output: node.outputs[0]! });
      continue;
    }
    const direct = unpackingOf(node.inputs[1]);
    if (direct?.direct && isLinear(node, node.inputs[1]!)) {
      directProduct(add, additions, node, direct);
      continue;
    }
    const inputs = node.inputs.map((input) => {
      const unpacking = unpackingOf(input);
      if (unpacking === undefined || input === null) return input;
      const [rows, columns] = sizesOf(input);
      const parts = partsOf(input, unpacking, additions);
      return widened(addFirst, additions, parts, unpacking, { rows, columns });
    });
    nodes.push(inputs.some((input, at) => input !== node.inputs[at]) ? { ...node, inputs } : node);
  }
  const sources = graph.sources.filter((source) => unpackingOf(source) === undefined);
  return { ...graph, sources: [...sources, ...additions.sources.values()], nodes: [...first, ...nodes] };
}
